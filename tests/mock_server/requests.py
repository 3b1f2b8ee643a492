"""Requests that faults strike, and what each kind of fault needs."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.arming.kinds import KINDS
from livestorm_mock_server.faults.fault import CONNECTION, is_within

from .wire import Answer, frame

FORM = ("Content-Type", "application/x-www-form-urlencoded")
HEADER = "X-Livestorm-Mock-Fault"

# What each kind needs, and what keeps it short.
PARAMETERS: dict[str, dict[str, Any]] = {
    "api_error": {"status": 503},
    "barrier": {"parties": 1},
    "callback": {"variant": "wrong_state"},
    "delay": {"seconds": 0},
    "drip": {"size": 1000, "seconds": 0},
    "endless_headers": {"megabytes": 1},
    "hang": {"seconds": 0.02},
    "huge_body": {"megabytes": 1},
    "oauth_error": {"error": "invalid_grant"},
    "sequence": {"steps": [502, "ok"]},
    "tls": {"variant": "expired"},
    "token_body": {"variant": "array"},
    "token_fields": {"drop": ["refresh_token"]},
    "token_lifetime": {"expires_in": 60},
}


OF_REQUESTS = sorted(name for name, kind in KINDS.items() if CONNECTION not in kind.places)
"""The kinds that strike requests, and not what comes before them."""


def kinds_at(endpoint: str) -> list[str]:
    """Give the kinds of faults that can strike an endpoint."""
    return [
        name
        for name, kind in KINDS.items()
        if not kind.places or any(is_within(endpoint, place) for place in kind.places)
    ]


Ping = Callable[..., Answer]


class Requests:
    """Raw requests to each endpoint of a sandbox, as a client in good standing sends them."""

    def __init__(self, livestorm: LivestormSandbox) -> None:
        self._livestorm = livestorm
        self._path = urlsplit(livestorm.app_url).path
        self._tokens = livestorm.issue_tokens()
        self._credentials = {
            "client_id": livestorm.client_id,
            "client_secret": livestorm.client_secret,
        }

    def frame(self, endpoint: str, *headers: tuple[str, str]) -> bytes:
        """Frame the request for a label; the server is asked to close."""
        ends = [("Connection", "close"), *headers]
        if endpoint.startswith("api."):
            return self._get(f"/v1/{endpoint[4:]}", [*ends, self._bearer])
        if endpoint == "authorize":
            return self._get(f"/oauth/authorize?{urlencode(self._authorization())}", ends)
        if endpoint == "token_info":
            return self._get("/oauth/token/info", [*ends, self._bearer])
        path, members = self._posted(endpoint)
        body = urlencode(self._credentials | members).encode()
        return frame("POST", self._path + path, [*ends, FORM], body)

    @property
    def _bearer(self) -> tuple[str, str]:
        return ("Authorization", f"Bearer {self._tokens['access_token']}")

    def _get(self, path: str, headers: list[tuple[str, str]]) -> bytes:
        return frame("GET", self._path + path, headers)

    def _authorization(self) -> dict[str, str]:
        return {
            "client_id": self._livestorm.client_id,
            "redirect_uri": self._livestorm.redirect_uri,
            "response_type": "code",
            "state": "abc",
        }

    def _posted(self, endpoint: str) -> tuple[str, dict[str, str]]:
        refresh_token = str(self._tokens["refresh_token"])
        if endpoint == "token.refresh_token":
            members = {"grant_type": "refresh_token", "refresh_token": refresh_token}
            return "/oauth/token", members
        if endpoint == "token.authorization_code":
            code = parse_qs(urlsplit(self._livestorm.authorize()).query)["code"][0]
            uri = self._livestorm.redirect_uri
            members = {"grant_type": "authorization_code", "code": code, "redirect_uri": uri}
            return "/oauth/token", members
        named = "access_token" if endpoint == "introspect" else "refresh_token"
        return f"/oauth/{endpoint}", {"token": str(self._tokens[named])}


ENDPOINTS = (
    "authorize",
    "token.authorization_code",
    "token.refresh_token",
    "revoke",
    "introspect",
    "token_info",
    "api.me",
    "api.ping",
)


def last_fault(livestorm: LivestormSandbox) -> object:
    """Give what the journal says of the last exchange's fault."""
    return livestorm.journal.entries()[-1].as_json()["fault"]

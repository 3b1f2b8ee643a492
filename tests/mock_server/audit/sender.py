"""A client that does nothing wrong, unless a test tells it to."""

import secrets
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.doorkeeper.pkce import s256

Tokens = dict[str, Any]


def new_secret() -> str:
    """Draw a state or a verifier."""
    return secrets.token_urlsafe(32)


class Sender:
    """Sends requests; members that a test gives replace the right ones, and None leaves one out."""

    def __init__(self, livestorm: LivestormSandbox, http: httpx.Client) -> None:
        self.livestorm = livestorm
        self.http = http
        self.verifier = new_secret()

    def authorize(self, **parameters: str | None) -> httpx.Response:
        """Send an authorization request as a browser does."""
        self.verifier = new_secret()
        right: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.livestorm.client_id,
            "redirect_uri": self.livestorm.redirect_uri,
            "state": new_secret(),
            "code_challenge": s256(self.verifier),
            "code_challenge_method": "S256",
        }
        url = f"{self.livestorm.app_url}/oauth/authorize"
        return self.http.get(url, params=_given(right | parameters))

    def code(self, **parameters: str | None) -> str:
        """Send an authorization request, which is approved at once; give the code."""
        return code_in(self.authorize(**parameters).headers["location"])

    def request_token(
        self, headers: dict[str, str] | None = None, /, **members: str | None
    ) -> httpx.Response:
        """Send a token request."""
        credentials: dict[str, str | None] = {
            "client_id": self.livestorm.client_id,
            "client_secret": self.livestorm.client_secret,
        }
        url = f"{self.livestorm.app_url}/oauth/token"
        return self.http.post(url, data=_given(credentials | members), headers=headers)

    def redeem(self, code: str, **members: str | None) -> httpx.Response:
        """Exchange a code."""
        right: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.livestorm.redirect_uri,
            "code_verifier": self.verifier,
        }
        return self.request_token(**(right | members))

    def connect(self) -> Tokens:
        """Get tokens by the whole flow."""
        tokens: Tokens = self.redeem(self.code()).json()
        return tokens

    def refresh(self, refresh_token: str, **members: str | None) -> httpx.Response:
        """Refresh."""
        right: dict[str, str | None] = {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
        }
        return self.request_token(**(right | members))

    def call(self, access_token: str, **headers: str) -> httpx.Response:
        """Call the API."""
        authorization = {"Authorization": f"Bearer {access_token}"}
        return self.http.get(f"{self.livestorm.api_url}/me", headers=authorization | headers)


def code_in(location: str) -> str:
    """Give the code of a callback URL."""
    return parse_qs(urlsplit(location).query)["code"][0]


def found(livestorm: LivestormSandbox) -> dict[str, tuple[int, ...]]:
    """Give the rules that were broken, with the exchanges that show it."""
    return {finding.rule: finding.exchanges for finding in livestorm.audit()}


def message(livestorm: LivestormSandbox) -> str:
    """Give the message of the only finding."""
    (finding,) = livestorm.audit()
    return finding.message


def _given(members: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in members.items() if value is not None}

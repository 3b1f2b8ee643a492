"""The control API of a running fake, over HTTP."""

import json
from collections.abc import Mapping
from typing import Any, NotRequired, Self, TypedDict
from urllib.parse import quote, urlsplit, urlunsplit

from .connection import Connection
from .journal import Exchange, read_exchange

_BROWSER_ENDPOINTS = ("authorize", "native", "authorized_applications")

PASSER_BY = "passer.by@example.test"
"""A user who is connected to nothing, and so is always asked."""

_IN_URLS = "%/?:@!$&'()*+,;=~[]"
"""What a client may have left as it is (RFC 3986, sections 2 and 3.2.2)."""


Fault = Mapping[str, object]
"""Keys of `POST faults`: which `fault`, and how."""


class Description(TypedDict):
    """What `POST /_mock/sandboxes` answers, as far as it is used here."""

    id: str
    app_url: str
    api_url: str
    control_url: str
    client_id: str
    client_secret: str
    redirect_uris: list[str]


class Credentials(TypedDict):
    """What `POST /_mock/applications` answers."""

    client_id: str
    client_secret: str
    redirect_uris: list[str]
    confidential: bool


class Finding(TypedDict):
    """What `GET /_mock/audit` lists."""

    rule: str
    message: str
    exchanges: list[int]


class TokenPair(TypedDict):
    """What `POST /_mock/tokens` answers."""

    access_token: str
    refresh_token: str
    scope: str
    expires_in: NotRequired[int]


class ControlError(Exception):
    """The control API refused a request; the text is its answer."""


class ControlAPI:
    """The control API of a server, on one connection for one thread; `url` ends in `/_mock`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection = Connection(urlsplit(url).netloc)

    def default_sandbox(self) -> "Sandbox":
        """Give the sandbox at `/`."""
        listed: list[Description] = self.send("GET", f"{self._url}/sandboxes")["sandboxes"]
        return Sandbox(self, listed[0])

    def send(
        self,
        method: str,
        url: str,
        body: Mapping[str, object] | None = None,
        *,
        patience: float = 10,
    ) -> Any:
        """Send a request; give the JSON of the answer. `patience` is in seconds.

        Raises ControlError.
        """
        content = None if body is None else json.dumps(body).encode()
        answer = self._connection.send(method, _target_of(url), content, patience)
        if answer.status // 100 != 2:
            raise ControlError(f"{method} {url}: {answer.status} {answer.body.decode()}")
        return json.loads(answer.body or b"null")

    def browse(self, url: str) -> str | None:
        """Open a URL as a browser does; give the `Location` of the answer, not followed."""
        return self._connection.send("GET", _target_of(url), None, 10).location

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class Sandbox:
    """One sandbox of a server."""

    def __init__(self, server: ControlAPI, description: Description) -> None:
        self._server = server
        self._description = description
        self._armed: dict[str, Fault] = {}
        self.seen = 0
        """The number of the last exchange that was read."""

    @property
    def urls(self) -> dict[str, str]:
        """The provider's URLs, as a client is configured for them."""
        told = self._description
        return {
            "authorize_url": f"{told['app_url']}/oauth/authorize",
            "token_url": f"{told['app_url']}/oauth/token",
            "api_base": told["api_url"],
        }

    @property
    def origin(self) -> str:
        """Scheme, host and port, without a path."""
        return self._description["app_url"].rpartition("/s/")[0] or self._description["app_url"]

    @property
    def port(self) -> int:
        """The port on which the server listens."""
        return int(self.origin.rpartition(":")[2])

    def arm(self, on: str, fault: str, **keys: object) -> str:
        """Arm a fault; give its id. Keys that are None are left out."""
        return self.arm_keys({"on": on, "fault": fault, **keys})

    def arm_keys(self, keys: Fault) -> str:
        """Arm a fault, with the keys of `POST faults`; give its id. None is left out."""
        given = {name: value for name, value in keys.items() if value is not None}
        fault_id = str(self._send("POST", "faults", given)["id"])
        self._armed[fault_id] = given
        return fault_id

    def count_hits(self, fault_id: str) -> int:
        """Tell how many requests a fault has struck."""
        listed = self._send("GET", "faults")["faults"]
        return sum(int(one["hits"]) for one in listed if one["id"] == fault_id)

    def release(self, fault_id: str) -> None:
        """Let the requests that wait at a barrier go on."""
        self._send("POST", f"faults/{fault_id}/release")

    def disarm(self) -> None:
        """Lift all faults."""
        self._send("DELETE", "faults")

    def read_journal(self, since: int = 0) -> tuple[Exchange, ...]:
        """Give the exchanges after number `since`, oldest first."""
        answer = self._send("GET", f"journal?since={since}")
        read = tuple(read_exchange(entry, self._armed) for entry in answer["exchanges"])
        self.seen = max((self.seen, *(one.seq for one in read)))
        return read

    def exchanges(self, since: int = 0) -> tuple[Exchange, ...]:
        """Give the client's exchanges after number `since`: without the browser's."""
        read = self.read_journal(since)
        return tuple(one for one in read if one.endpoint not in _BROWSER_ENDPOINTS)

    def last_seq(self) -> int:
        """Give the number of the last exchange."""
        self.read_journal(self.seen)
        return self.seen

    def wait_for_exchange(
        self, endpoint: str, *, since: int = 0, seconds: float = 10
    ) -> tuple[Exchange, ...]:
        """Wait in real time for an answered exchange after number `since`."""
        path = f"journal?endpoint={endpoint}&since={since}&wait={seconds}"
        entries = self._send("GET", path, patience=seconds + 10)["exchanges"]
        return tuple(read_exchange(entry, self._armed) for entry in entries)

    def read_clock(self) -> float:
        """Give the sandbox's time in Unix seconds."""
        return float(self._send("GET", "clock")["now"])

    def advance_clock(self, seconds: float) -> float:
        """Move the sandbox's time; give it in Unix seconds."""
        return float(self._send("POST", "clock", {"advance": seconds})["now"])

    def issue_tokens(self, **body: object) -> TokenPair:
        """Issue a pair without any flow, with the keys of `POST tokens`."""
        issued: TokenPair = self._send("POST", "tokens", body)
        return issued

    def revoke_token(self, token: str) -> None:
        """Revoke the pair of an access or refresh token, as the user may in the settings."""
        self._send("POST", "tokens/revoke", {"token": token})

    def decide(self, authorize_url: str, **body: object) -> str:
        """Approve or deny a client's authorization URL; give the URL of the callback.

        Who is connected is not asked again for the same scopes, so that somebody else denies.
        """
        who = {"user": PASSER_BY} if body.get("decision") == "deny" else {}
        body = {"url": authorize_url, **who, **body}
        return str(self._send("POST", "authorize", body)["location"])

    def expire_token(self, token: str) -> None:
        """End the lifetime of an access token."""
        self._send("POST", "tokens/expire", {"token": token})

    def browse(self, url: str) -> str | None:
        """Open a URL as a browser does; give the `Location` of the answer, not followed."""
        return self._server.browse(url)

    def register(self, redirect_uri: str, *, confidential: bool = True) -> Credentials:
        """Register a further application; its credentials are drawn by the fake."""
        body = {
            "name": "Client under test",
            "redirect_uris": [redirect_uri],
            "confidential": confidential,
        }
        registered: Credentials = self._send("POST", "applications", body)
        return registered

    def audit(self) -> list[Finding]:
        """Give what the fake finds wrong with the requests of the journal."""
        findings: list[Finding] = self._send("GET", "audit")["findings"]
        return findings

    def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        patience: float = 10,
    ) -> Any:
        url = f"{self._description['control_url']}/{path}"
        return self._server.send(method, url, body, patience=patience)


def _target_of(url: str) -> str:
    """Give what a request line has of a URL."""
    parts = urlsplit(url)
    return urlunsplit(("", "", quote(parts.path, _IN_URLS), quote(parts.query, _IN_URLS), ""))

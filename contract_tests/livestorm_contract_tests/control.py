"""The control API of a running fake, over HTTP."""

from collections.abc import Mapping
from typing import NotRequired, Self, TypedDict
from urllib.parse import parse_qs, urlsplit

import httpx

from .adapter import Config
from .journal import Exchange, read_exchange

AUTHORIZATION_PARAMETERS = (
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
)


class Description(TypedDict):
    """What `POST /_mock/sandboxes` answers, as far as it is used here."""

    id: str
    app_url: str
    api_url: str
    control_url: str
    client_id: str
    client_secret: str
    redirect_uris: list[str]


class TokenPair(TypedDict):
    """What `POST /_mock/tokens` answers."""

    access_token: str
    refresh_token: str
    scope: str
    expires_in: NotRequired[int]


class ControlAPI:
    """The control API of a server; `url` ends in `/_mock`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = httpx.Client(timeout=10, trust_env=False)

    def open_sandbox(self, **body: object) -> "Sandbox":
        """Open a sandbox with the keys of `POST sandboxes`."""
        opened: Description = self.send("POST", f"{self._url}/sandboxes", body).json()
        return Sandbox(self, opened)

    def close_sandbox(self, sandbox_id: str) -> None:
        """Drop a sandbox."""
        self.send("DELETE", f"{self._url}/sandboxes/{sandbox_id}")

    def send(
        self, method: str, url: str, body: Mapping[str, object] | None = None
    ) -> httpx.Response:
        """Send a request. Raises httpx.HTTPStatusError with the answer in its notes."""
        response = self._http.request(method, url, json=body)
        try:
            return response.raise_for_status()
        except httpx.HTTPStatusError as error:
            error.add_note(response.text)
            raise

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class Sandbox:
    """One sandbox of a server."""

    def __init__(self, server: ControlAPI, description: Description) -> None:
        self._server = server
        self._description = description

    @property
    def config(self) -> Config:
        """What a client needs to know to work here."""
        told = self._description
        return Config(
            authorize_url=f"{told['app_url']}/oauth/authorize",
            token_url=f"{told['app_url']}/oauth/token",
            api_base=told["api_url"],
            client_id=told["client_id"],
            client_secret=told["client_secret"],
            redirect_uri=told["redirect_uris"][0],
            scopes=("identity:read",),
        )

    def arm(self, fault: Mapping[str, object]) -> None:
        """Arm a fault, with the keys of `POST faults`."""
        self._send("POST", "faults", fault)

    def disarm(self) -> None:
        """Lift all faults."""
        self._send("DELETE", "faults")

    def read_journal(self, since: int = 0) -> tuple[Exchange, ...]:
        """Give the exchanges after number `since`, oldest first."""
        answer = self._send("GET", f"journal?since={since}")
        return tuple(read_exchange(entry) for entry in answer.json()["exchanges"])

    def freeze_clock(self) -> float:
        """Stop the sandbox's time; give it in Unix seconds."""
        return float(self._send("POST", "clock", {"freeze": True}).json()["now"])

    def advance_clock(self, seconds: float) -> float:
        """Move the sandbox's time; give it in Unix seconds."""
        return float(self._send("POST", "clock", {"advance": seconds}).json()["now"])

    def issue_tokens(self) -> TokenPair:
        """Issue a pair without any flow."""
        issued: TokenPair = self._send("POST", "tokens", {}).json()
        return issued

    def expire_token(self, token: str) -> None:
        """End the lifetime of an access token."""
        self._send("POST", "tokens/expire", {"token": token})

    def authorize(self, authorize_url: str) -> str:
        """Approve as a user would; give the URL that the browser is sent to."""
        query = parse_qs(urlsplit(authorize_url).query)
        asked = {name: query[name][0] for name in AUTHORIZATION_PARAMETERS if name in query}
        return str(self._send("POST", "authorize", asked).json()["location"])

    def close(self) -> None:
        """Drop the sandbox."""
        self._server.close_sandbox(self._description["id"])

    def _send(
        self, method: str, path: str, body: Mapping[str, object] | None = None
    ) -> httpx.Response:
        return self._server.send(method, f"{self._description['control_url']}/{path}", body)

"""What is sent to, and what must hold whatever it is sent."""

import base64
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ..watched import Watched
from .requests import Drawn

OPTIONS: Sequence[Mapping[str, Any]] = (
    {},
    {"release": "5.5", "consent": "approve"},
    {"release": "6.0", "rotation": "grace", "token_format": "jwt"},
    {"release": "5.8", "cors": "token_and_api", "bearer_401_body": "jsonapi"},
    {"release": "6.0", "force_pkce": "all", "handle_auth_errors": "redirect"},
    {"logged_in": False, "enforce_content_type": True, "ignore_accept_header": True},
    {"reuse_access_token": True, "introspection": "disabled", "vary": "negotiation"},
)
"""Provider options of the sandboxes that are sent to."""
GRANTS = ["authorization_code", "client_credentials", "password", "implicit"]
PATIENCE = 20.0
"""Seconds after which a connection is stuck."""
QUIET = 0.05
"""Seconds in which a server that has something to say says it; longer under load is no harm."""
RENEWED_AFTER = 40
"""Batches after which the requests get credentials that live."""
LAST_RESORT = ["Content-Type", "text/plain"]
"""By which Rails' answer to parameters that its error page fails on as well is known."""


class Target:
    """Sandboxes of a served fake."""

    def __init__(self, served: Watched) -> None:
        self._served = served
        self._sandboxes = [
            served.open_sandbox({"grant_flows": GRANTS, **options}) for options in OPTIONS
        ]
        self._words: list[dict[str, str]] = []
        self._batches = 0
        self.exchanges = 0
        """How many there were, as far as the journals have been read."""
        self.check_well, self.memory = served.check_well, served.memory
        self.failures: set[str] = set()
        """The reasons of the answers with 500 that no fault gave."""

    def framed(self, drawn: Sequence[Drawn]) -> bytes:
        """Give a batch as bytes, with credentials that live."""
        if self._batches % RENEWED_AFTER == 0:
            self._renew()
        self._batches += 1
        return b"".join(
            one.framed(self._prefix(one.sandbox), self._words[one.sandbox]) for one in drawn
        )

    def send(self, *pieces: bytes) -> bytes:
        """Send pieces on a connection of their own, and leave once nothing comes any more.

        Gives all that came until its end. Raises TimeoutError where it does not end.
        """
        parts = urlsplit(self._served.origin)
        with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE) as connection:
            try:
                for piece in pieces:
                    connection.sendall(piece)
                connection.settimeout(QUIET)
                came, ended = _read_on(connection)
                if ended:
                    return came
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(PATIENCE)
                rest, ended = _read_on(connection)
            except (ConnectionResetError, BrokenPipeError):
                return b""
        if not ended:
            raise TimeoutError("the server does not end the connection of a client that has left")
        return came + rest

    def settle(self) -> None:
        """Count the exchanges, collect why there were answers with 500, and begin anew."""
        for number in range(len(self._sandboxes)):
            path = f"{self._prefix(number)}/_mock/journal"
            exchanges = self._served.control("GET", path)["exchanges"]
            self.exchanges += exchanges[-1]["seq"] if exchanges else 0
            self._served.control("POST", f"{self._prefix(number)}/_mock/reset")
            for one in exchanges:
                answer = one["response"] or {"status": None}
                is_own = one["fault"] is None and answer["status"] == 500
                if is_own and LAST_RESORT not in answer["headers"]:
                    self.failures.add(one["reason"])

    def _prefix(self, sandbox: int) -> str:
        return f"/s/{self._sandboxes[sandbox]['id']}"

    def _renew(self) -> None:
        self.settle()
        self._words = [self._credentials(number) for number in range(len(self._sandboxes))]

    def _credentials(self, number: int) -> dict[str, str]:
        """Give what the sandbox's requests are filled with."""
        prefix, told = self._prefix(number), self._sandboxes[number]
        issued = self._served.control("POST", f"{prefix}/_mock/tokens", {})
        code = self._code(prefix, told)
        basic = base64.b64encode(f"{told['client_id']}:{told['client_secret']}".encode()).decode()
        return {
            **{name: told[name] or "" for name in ("client_id", "client_secret")},
            "public_client_id": told["public_client_id"] or "",
            "private_token": told["private_token"],
            "redirect_uri": told["redirect_uris"][0],
            "access_token": issued["access_token"],
            "refresh_token": issued["refresh_token"],
            "code": code,
            "basic": basic,
        }

    def _code(self, prefix: str, told: Mapping[str, Any]) -> str:
        body = {"client_id": told["client_id"], "code_challenge": "a" * 43}
        answer = self._served.control("POST", f"{prefix}/_mock/authorize", body)
        query = parse_qs(urlsplit(answer.get("location", "")).query)
        return str(query.get("code", ["none"])[0])


def _read_on(connection: socket.socket) -> tuple[bytes, bool]:
    """Read until nothing comes for the socket's time; give it, and whether that was the end."""
    came = bytearray()
    with suppress(TimeoutError):
        while data := connection.recv(1 << 16):
            came += data
        return bytes(came), True
    return bytes(came), False

"""HTTP: sending, reading, time-outs, trust."""

import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import httpx
from livestorm_contract_tests.driving.kinds import Kind

from .part import Part
from .values import Answer, Failure

LARGEST_BODY = 1_000_000
READ_SECONDS = 5.0
TOTAL_SECONDS = 8.0
_UNVERIFYING = httpx.Client(
    verify=False,  # noqa: S501 - what it calls is on this machine
    trust_env=False,
    limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
    cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
)
"""Made once, as that takes as long as a request; it keeps neither connections nor cookies."""


class Sending(Part):
    """Sends requests, each on a connection of its own."""

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        data: dict[str, str] | None = None,
        body: object = None,
    ) -> Answer:
        """Send one request, follow nothing. Raises Failure."""
        began = time.monotonic()
        ends_at = began + self.total_seconds()
        headers = {"Accept-Encoding": "gzip", **headers}
        try:
            with (
                Watchdog(self.total_seconds()) as watchdog,
                self.opened() as http,
                http.stream(
                    method,
                    url,
                    headers=headers,
                    data=data,
                    json=body,
                    timeout=self.read_seconds(),
                    follow_redirects=self.follows_redirects(),
                    extensions={"trace": watchdog.trace},
                ) as response,
            ):
                answered = Answer(response.status_code, response.headers, b"")
                answered.body = self.read_body(response, ends_at)
                return answered
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            failure = self.lost(error)
            failure.was_slow = time.monotonic() - began >= self.read_seconds()
            raise failure from None

    def lost(self, error: Exception) -> Failure:
        """Name the outcome where no whole answer came."""
        return Failure(Kind.TRANSPORT_ERROR, f"no whole answer: {type(error).__name__}")

    def read_body(self, response: httpx.Response, ends_at: float) -> bytes:
        """Read the body, in time and up to a size."""
        if response.status_code == 429 or response.status_code >= 500:
            return b""
        raw = b""
        for chunk in response.iter_raw():
            raw += chunk
            if time.monotonic() > ends_at:
                raise Failure(Kind.TRANSPORT_ERROR, "the answer took too long")
            if len(raw) > LARGEST_BODY:
                raise Failure(Kind.PROTOCOL_ERROR, "too much came", status=response.status_code)
        return self.decoded(response, raw)

    def decoded(self, response: httpx.Response, raw: bytes) -> bytes:
        """Undo gzip, up to a size."""
        if response.headers.get("content-encoding", "").lower() != "gzip":
            return raw
        try:
            inflater = zlib.decompressobj(wbits=31)
            body = inflater.decompress(raw, LARGEST_BODY)
        except zlib.error:
            raise Failure(Kind.PROTOCOL_ERROR, "not gzip", status=response.status_code) from None
        if not inflater.eof:
            raise Failure(Kind.PROTOCOL_ERROR, "cut or too much", status=response.status_code)
        return body

    def total_seconds(self) -> float:
        """Give the time for a whole request."""
        return TOTAL_SECONDS

    def read_seconds(self) -> float:
        """Give the time for one read."""
        return READ_SECONDS

    def follows_redirects(self) -> bool:
        """Tell whether redirects are followed."""
        return False

    @contextmanager
    def opened(self) -> Iterator[httpx.Client]:
        """Give what sends requests."""
        trust = self.trust()
        if trust is False:
            yield _UNVERIFYING
        else:
            with httpx.Client(verify=trust, trust_env=False) as http:
                yield http

    def trust(self) -> ssl.SSLContext | bool:
        """Give what httpx verifies certificates by."""
        pem = self.config.get("ca_pem")
        return False if pem is None else ssl.create_default_context(cadata=pem)

    def check_confidential(self, url: str) -> None:
        """Refuse plain http to a host other than this machine."""
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise Failure(Kind.SECURITY_ERROR, "plain http to another machine")


class Watchdog:
    """Ends a request's connection after so many seconds, however lively it is."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True
        self._sockets: list[socket.socket] = []

    def trace(self, event: str, told: Mapping[str, Any]) -> None:
        """Note the connection, as httpcore tells of it."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._sockets.append(told["return_value"].get_extra_info("socket"))

    def _bite(self) -> None:
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> "Watchdog":
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()

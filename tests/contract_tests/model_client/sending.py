"""HTTP: sending, reading, time-outs, trust."""

import json
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from urllib.parse import urlencode, urlsplit, urlunsplit

from livestorm_contract_tests.driving.kinds import Kind

from .part import Part
from .values import Answer, Failure

LARGEST_BODY = 1_000_000
AT_ONCE = 65_536
READ_SECONDS = 5.0
TOTAL_SECONDS = 8.0
FORM = "application/x-www-form-urlencoded"


class Sending(Part):
    """Sends requests, each on a connection of its own.

    By `http.client`: hundreds of tests wait for this client, and a larger library takes longer, to
    start as to send.
    """

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
        headers, content = {"Accept-Encoding": "gzip", **headers}, None
        if data is not None:
            headers, content = {"Content-Type": FORM, **headers}, urlencode(data)
        elif body is not None:
            headers, content = {"Content-Type": "application/json", **headers}, json.dumps(body)
        try:
            with closing(self.connection(url)) as connection:
                connection.connect()
                with Watchdog(connection.sock, ends_at - time.monotonic()):
                    connection.request(method, target(url), content, headers)
                    with closing(connection.getresponse()) as response:
                        answered = Answer(response.status, response.headers, b"")
                        answered.body = self.read_body(response, ends_at)
                        return answered
        except (HTTPException, OSError, ValueError) as error:
            failure = self.lost(error)
            failure.was_slow = time.monotonic() - began >= self.read_seconds()
            raise failure from None

    def lost(self, error: Exception) -> Failure:
        """Name the outcome where no whole answer came."""
        return Failure(Kind.TRANSPORT_ERROR, f"no whole answer: {type(error).__name__}")

    def connection(self, url: str) -> HTTPConnection:
        """Give a connection to where a URL leads, not yet open."""
        parts, seconds = urlsplit(url), self.read_seconds()
        host = parts.hostname or ""
        if parts.scheme == "https":
            return HTTPSConnection(host, parts.port, timeout=seconds, context=self.trust())
        return HTTPConnection(host, parts.port, timeout=seconds)

    def read_body(self, response: HTTPResponse, ends_at: float) -> bytes:
        """Read the body, in time and up to a size."""
        if response.status == 429 or response.status >= 500:
            return b""
        raw = b""
        for chunk in chunks(response):
            raw += chunk
            if time.monotonic() > ends_at:
                raise Failure(Kind.TRANSPORT_ERROR, "the answer took too long")
            if len(raw) > LARGEST_BODY:
                raise Failure(Kind.PROTOCOL_ERROR, "too much came", status=response.status)
        return self.decoded(response, raw)

    def decoded(self, response: HTTPResponse, raw: bytes) -> bytes:
        """Undo gzip, up to a size."""
        if response.headers.get("content-encoding", "").lower() != "gzip":
            return raw
        try:
            inflater = zlib.decompressobj(wbits=31)
            body = inflater.decompress(raw, LARGEST_BODY)
        except zlib.error:
            raise Failure(Kind.PROTOCOL_ERROR, "not gzip", status=response.status) from None
        if not inflater.eof:
            raise Failure(Kind.PROTOCOL_ERROR, "cut or too much", status=response.status)
        return body

    def total_seconds(self) -> float:
        """Give the time for a whole request."""
        return TOTAL_SECONDS

    def read_seconds(self) -> float:
        """Give the time for one read."""
        return READ_SECONDS

    def trust(self) -> ssl.SSLContext:
        """Give what certificates are verified by."""
        return ssl.create_default_context(cadata=self.config.get("ca_pem"))

    def check_confidential(self, url: str) -> None:
        """Refuse plain http to a host other than this machine."""
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise Failure(Kind.SECURITY_ERROR, "plain http to another machine")


def target(url: str) -> str:
    """Give what a URL asks for at its host."""
    parts = urlsplit(url)
    return urlunsplit(("", "", parts.path or "/", parts.query, ""))


def chunks(response: HTTPResponse) -> Iterator[bytes]:
    """Give a body as it comes. Raises IncompleteRead where it ends too early."""
    left = response.length
    while chunk := response.read1(AT_ONCE):
        left = None if left is None else left - len(chunk)
        yield chunk
    if left:
        raise IncompleteRead(b"", left)


class Watchdog:
    """Ends a connection after so many seconds, however lively it is."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection = connection
        self._has_bitten = False
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True

    def _bite(self) -> None:
        self._has_bitten = True
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> "Watchdog":
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()
        if self._has_bitten:  # Else `http.client` takes a head that is cut for a whole one.
            raise TimeoutError

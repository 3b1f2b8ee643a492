"""The client's end of the redirect: a loopback server that takes down what a browser brings."""

import queue
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple

import httpx

from .server_in_thread import ServerInThread

SECONDS = 20.0
"""How long a browser may take to arrive."""

_PAGE = b'<!DOCTYPE html><title>Connected</title><link rel="icon" href="data:,"><p>Connected'


class Arrival(NamedTuple):
    """How a browser came, and the parameters that it brought, in the query or in a form."""

    method: str
    parameters: httpx.QueryParams


class CallbackServer(ServerInThread):
    """Serves `redirect_uri`."""

    def __init__(self) -> None:
        self._arrivals: queue.SimpleQueue[Arrival] = queue.SimpleQueue()
        super().__init__(_handler_for(self._arrivals))
        self.redirect_uri = f"http://{self.address}/callback"

    @property
    def is_untouched(self) -> bool:
        """Tell whether no browser has come that was not received."""
        return self._arrivals.empty()

    def receive(self, seconds: float = SECONDS) -> Arrival:
        """Wait for a browser. Raises queue.Empty."""
        return self._arrivals.get(timeout=seconds)


def _handler_for(arrivals: queue.SimpleQueue[Arrival]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(httpx.URL(self.path).params)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(httpx.QueryParams(body.decode()))

        def _answer(self, parameters: httpx.QueryParams) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(_PAGE)))
            self.end_headers()
            self.wfile.write(_PAGE)
            arrivals.put(Arrival(self.command, parameters))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Stay silent."""

    return Handler

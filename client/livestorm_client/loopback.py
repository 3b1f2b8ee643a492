"""Receiving the callback on this machine, for programs without a web server (RFC 8252)."""

import hmac
import webbrowser
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from .authorization import AuthorizationRequest
from .errors import ConfigurationError, TransportError

PAGE = b"<!doctype html><title>Connected</title><p>You can close this window."


def receive_callback(
    request: AuthorizationRequest,
    *,
    open_browser: Callable[[str], object] = webbrowser.open,
    timeout: float = 300.0,
) -> str:
    """Open the browser, wait for it to be sent back, and give the callback's URL.

    Listens at `redirect_uri`, such as http://127.0.0.1:8788/callback, for `timeout` seconds.
    Requests without the right state are not the callback. Raises ConfigurationError when the
    address cannot be listened at, TransportError when nobody came back.
    """
    address, received = urlsplit(request.redirect_uri), Queue[str]()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            target = urlsplit(self.path)
            state = parse_qs(target.query).get("state", [""])[0]
            expected = hmac.compare_digest(state.encode(), request.state.encode())
            self.send_response(200 if expected and target.path == address.path else 404)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            if expected and target.path == address.path:
                self.wfile.write(PAGE)
                received.put(f"{address.scheme}://{address.netloc}{self.path}")

        def log_message(self, *line: object) -> None:
            """Say nothing: the line has the code in it."""

    try:
        if not address.hostname:
            raise ValueError("it names no host")
        server = ThreadingHTTPServer((address.hostname, address.port or 80), Handler)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"cannot listen at {request.redirect_uri}: {error}") from None
    with server:
        Thread(target=server.serve_forever, args=(0.05,)).start()
        try:
            open_browser(request.url)
            return received.get(timeout=timeout)
        except Empty:
            raise TransportError("the user was not sent back in time") from None
        finally:
            server.shutdown()

"""A proxy in front of the fake that speaks TLS to the browser, and plain HTTP behind."""

import http.client
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from livestorm_contract_tests.servers import certificates

HOP_BY_HOP = ("connection", "date", "keep-alive", "server", "transfer-encoding")


class TLSTerminator:
    """Serves `url` in a thread while the context lasts; `port` of 127.0.0.1 is what is behind.

    It leaves Host as it is, and adds `headers`.
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        self.headers = headers
        self.port = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        context = certificates.good("127.0.0.1")
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        # The server looks this often (in seconds) whether it shall end.
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.url = f"https://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler_for(terminator: TLSTerminator) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._forward()

        def do_POST(self) -> None:
            self._forward()

        def _forward(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            behind = http.client.HTTPConnection("127.0.0.1", terminator.port)
            headers = {**self.headers, **terminator.headers}
            behind.request(self.command, self.path, body, headers)
            answer = behind.getresponse()
            content = answer.read()
            behind.close()
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Stay silent."""

    return Handler

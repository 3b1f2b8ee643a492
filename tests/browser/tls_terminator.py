"""A proxy in front of the fake that speaks TLS to the browser, and plain HTTP behind."""

import http.client
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler

from livestorm_contract_tests.servers import certificates

from .server_in_thread import ServerInThread

HOP_BY_HOP = ("connection", "date", "keep-alive", "server", "transfer-encoding")


class TLSTerminator(ServerInThread):
    """Serves `url`; `port` of 127.0.0.1 is what is behind.

    It leaves Host as it is, and adds `headers`.
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__(_handler_for(self))
        self.headers = headers
        self.port = 0
        context = certificates.good("127.0.0.1")
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://{self.address}"


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

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Stay silent."""

    return Handler

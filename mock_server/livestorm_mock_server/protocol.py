"""HTTP/1.1 on the socket, with the limits and refusals of Puma, the recorded provider's server."""

import re
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# Puma's limits in bytes; what is longer is no request.
_MAX_TARGET: Final = 12 * 1024
_MAX_QUERY: Final = 10 * 1024
_MAX_FIELD_NAME: Final = 256
_MAX_FIELD_VALUE: Final = 80 * 1024

_UNKNOWN_VERB = re.compile(rb"\A[A-Z$_\-]{1,20} [^ \r\n]+ HTTP/1\.[01]\r\n")
_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
_METHOD_NOT_ALLOWED = (
    b"HTTP/1.1 405 Method Not Allowed\r\nContent-Type: text/html; charset=UTF-8\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)


class Protocol(HttpToolsProtocol):
    """One connection."""

    _received: bytes = b""

    def data_received(self, data: bytes) -> None:
        """Parse what came; the parser may refuse it by `send_400_response`."""
        self._received = data
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, and a verb that the parser does not know."""
        del msg
        unknown_verb = _UNKNOWN_VERB.match(self._received)
        self.transport.write(_METHOD_NOT_ALLOWED if unknown_verb else _BAD_REQUEST)
        self.transport.close()

    def on_url(self, url: bytes) -> None:
        """Collect the request target. Raises ValueError, a refusal, where it is too long."""
        super().on_url(url)
        if len(self.url) > _MAX_TARGET or len(self.url.partition(b"?")[2]) > _MAX_QUERY:
            raise ValueError("the request target is too long")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header field. Raises ValueError, a refusal, where it is too long."""
        if len(name) > _MAX_FIELD_NAME or len(value) > _MAX_FIELD_VALUE:
            raise ValueError("a header field is too long")
        super().on_header(name, value)

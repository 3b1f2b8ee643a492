"""The head of a request to a proxy: read to its end and not beyond, and what it asks for."""

import asyncio
import re
import socket
from typing import Final

import msgspec

from ..limits import MAX_HEAD
from ..real_hosts import name_of

_END: Final = b"\r\n\r\n"
_CHUNK: Final = 16 * 1024
_TLS: Final = 0x16

# Only what no resolver could take for another name.
_AUTHORITY: Final = rb"(?P<host>[A-Za-z0-9._\-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
_METHOD: Final = rb"(?P<method>[A-Z0-9$\-._]{1,20})"
_VERSION: Final = rb"(?P<version>HTTP/1\.[0-9])"
_CONNECT: Final = re.compile(rb"CONNECT %s %s" % (_AUTHORITY, _VERSION))
_ABSOLUTE: Final = re.compile(
    rb"(?i:(?P<scheme>https?))://%s(?P<path>[/?][^ ]*)? %s" % (_AUTHORITY, _VERSION)
)
_REQUEST_LINE: Final = re.compile(rb"%s (?P<rest>[^\r\n]+)" % _METHOD)

# They are between the client and the proxy alone. The connection ends with the answer, as the next
# request may go elsewhere. https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
_HOP_BY_HOP: Final = (
    b"connection",
    b"host",
    b"keep-alive",
    b"proxy-authorization",
    b"proxy-connection",
)
_CONTROL: Final = re.compile(rb"[\r\n\0]")
_PORTS: Final = {"http": 80, "https": 443}


class NotForProxyError(ValueError):
    """What came is no request to a proxy."""


class ProxyHead(msgspec.Struct, frozen=True, kw_only=True):
    """A request: where it goes, and what is sent on; `scheme` is None for a CONNECT."""

    method: str
    target: bytes
    scheme: str | None
    host: str
    """A name in lower case without a root dot, or an address without brackets."""
    port: int
    fields: tuple[tuple[bytes, bytes], ...]
    forwarded: bytes
    """The head as the origin gets it; empty for a CONNECT."""

    @property
    def wants_tls(self) -> bool:
        """Whether the client means HTTPS, as most do with a CONNECT."""
        return self.scheme == "https" or (self.scheme is None and self.port != _PORTS["http"])


async def read_head(client: socket.socket) -> bytes:
    """Read a head and leave what follows it; give what came where the client leaves before.

    Raises NotForProxyError for one that is too long or can't be one, OSError.
    """
    loop = asyncio.get_running_loop()
    head = b""
    while not head.endswith(_END):
        if len(head) > MAX_HEAD:
            raise NotForProxyError(f"the head is longer than {MAX_HEAD} bytes")
        # One byte wakes; the rest is looked at before it is taken.
        first = await loop.sock_recv(client, 1)
        if not first:
            return head
        if not head and first[0] == _TLS:
            raise NotForProxyError("TLS came, and the proxy itself speaks HTTP: is its URL http?")
        head += first
        if not head.endswith(_END):
            head += _take_up_to_end(client, head)
    return head


def _take_up_to_end(client: socket.socket, head: bytes) -> bytes:
    """Take what has come already of the rest of a head."""
    try:
        ahead = client.recv(_CHUNK, socket.MSG_PEEK)
    except (BlockingIOError, InterruptedError):
        return b""
    tail = head[-len(_END) + 1 :]
    end = (tail + ahead).find(_END)
    return client.recv(len(ahead) if end < 0 else end + len(_END) - len(tail))


def parse(head: bytes) -> ProxyHead:
    """Read a head. Raises NotForProxyError."""
    line, *lines = head.removesuffix(_END).split(b"\r\n")
    found = _REQUEST_LINE.fullmatch(line)
    if found is None:
        raise NotForProxyError("what came is no request")
    fields = tuple(_field(one) for one in lines)
    method = found["method"].decode()
    if method == "CONNECT":
        return _connect(line, fields)
    asked = _ABSOLUTE.fullmatch(found["rest"])
    if asked is None:
        raise NotForProxyError("this is a proxy, and the request names no http or https URL")
    scheme = asked["scheme"].decode().lower()
    path = asked["path"] or b"/"
    path = path if path.startswith(b"/") else b"/" + path
    authority = asked["host"] + (b":" + asked["port"] if asked["port"] else b"")
    sent = [(b"Host", authority), *(one for one in fields if one[0].lower() not in _HOP_BY_HOP)]
    sent.append((b"Connection", b"close"))
    head_lines = [b"%s %s %s" % (found["method"], path, asked["version"])]
    head_lines += [b"%s: %s" % one for one in sent]
    return ProxyHead(
        method=method,
        target=found["rest"].rpartition(b" ")[0],
        scheme=scheme,
        host=_host(asked["host"]),
        port=_port(asked["port"], _PORTS[scheme]),
        fields=fields,
        forwarded=b"\r\n".join(head_lines) + _END,
    )


def _connect(line: bytes, fields: tuple[tuple[bytes, bytes], ...]) -> ProxyHead:
    found = _CONNECT.fullmatch(line)
    if found is None or found["port"] is None:
        raise NotForProxyError("a CONNECT without a host and a port")
    return ProxyHead(
        method="CONNECT",
        target=line.split(b" ")[1],
        scheme=None,
        host=_host(found["host"]),
        port=_port(found["port"], 0),
        fields=fields,
        forwarded=b"",
    )


def _field(line: bytes) -> tuple[bytes, bytes]:
    name, colon, value = line.partition(b":")
    if not colon or not name or name != name.strip() or _CONTROL.search(line):
        raise NotForProxyError("a line of the head is no header field")
    return name, value.strip(b" \t")


def _host(host: bytes) -> str:
    return name_of(host.decode()).strip("[]")


def _port(port: bytes | None, default: int) -> int:
    number = default if port is None else int(port)
    if not 0 < number < 65536:
        raise NotForProxyError("a port that can't be")
    return number

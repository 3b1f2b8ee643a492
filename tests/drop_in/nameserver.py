"""A nameserver of IPv4 addresses on the loopback, over UDP and TCP."""

import socket
import socketserver
import struct
import threading
from collections.abc import Mapping
from typing import Self


class Nameserver:
    """Answers within a with block; where it is `too_long`, UDP has a truncated answer only.

    All names are aliases of `alias_of`, where there is one.
    """

    def __init__(
        self, known: Mapping[str, str], *, too_long: bool = False, alias_of: str = ""
    ) -> None:
        self._known, self._too_long = known, too_long
        self._target = b"".join(
            bytes([len(one)]) + one.encode() for one in alias_of.split(".") if one
        )
        self._tcp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._over_tcp())
        self.address = ("127.0.0.1", int(self._tcp.server_address[1]))
        self._udp = socketserver.ThreadingUDPServer(self.address, self._over_udp())

    def __enter__(self) -> Self:
        for server in (self._tcp, self._udp):
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in (self._tcp, self._udp):
            server.shutdown()
            server.server_close()

    def answer(self, query: bytes, *, whole: bool) -> bytes:
        """Give the address of the name that is asked for."""
        end = query.index(b"\0", 12)
        labels, at = [], 12
        while at < end:
            labels.append(query[at + 1 : at + 1 + query[at]].decode())
            at += 1 + query[at]
        question, address = query[12 : end + 5], self._known.get(".".join(labels))
        is_known = address is not None and query[end + 2] == 1
        flags = 0x8180 if whole or not is_known else 0x8380
        record = b""
        if address is not None and is_known and whole:
            record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + socket.inet_aton(address)
        if record and self._target:
            target = self._target + b"\0"
            alias = b"\xc0\x0c" + struct.pack("!HHIH", 5, 1, 60, len(target)) + target
            record = alias + target + record[2:]
        counts = struct.pack("!5H", flags, 1, bool(record) + bool(record and self._target), 0, 0)
        return query[:2] + counts + question + record

    def _over_udp(self) -> type[socketserver.DatagramRequestHandler]:
        nameserver = self

        class Handler(socketserver.DatagramRequestHandler):
            def handle(self) -> None:
                whole = not nameserver._too_long
                self.wfile.write(nameserver.answer(self.rfile.read(), whole=whole))

        return Handler

    def _over_tcp(self) -> type[socketserver.StreamRequestHandler]:
        nameserver = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                while len(head := self.rfile.read(2)) == 2:
                    query = self.rfile.read(*struct.unpack("!H", head))
                    answer = nameserver.answer(query, whole=True)
                    self.wfile.write(struct.pack("!H", len(answer)) + answer)

        return Handler

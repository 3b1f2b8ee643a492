"""A DNS server on the loopback: Livestorm's hosts are where nobody is, others where they are."""

import logging
import re
import socket
import socketserver
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from ..real_hosts import DOMAIN, is_livestorms
from .dns import (
    PORT,
    Question,
    answer,
    fail,
    is_cut,
    names_led_to,
    over_tcp,
    read_over_tcp,
    read_question,
)

log = logging.getLogger("livestorm_mock_server")

Address = tuple[str, int]
AddressOf = Callable[[str], str | None]
"""Gives the IPv4 address that a host of Livestorm has here, None where it has none."""

_STUBS: Final = ("127.0.0.53", "127.0.0.54")
"""Of systemd-resolved, whatever resolv.conf says."""
_LONGEST: Final = 65535
_SECONDS: Final = 5.0
MOST_AT_ONCE: Final = 256
"""Datagrams, and connections, that are seen to."""
_ASKS_FOR_REAL: Final = re.compile(rb"\x09livestorm\x02co", re.IGNORECASE)
_UP_TO_DOMAIN: Final = re.compile(rf"(?:.*\.)?{re.escape(DOMAIN)}(?![^.])", re.DOTALL)


def real_name(message: bytes) -> str | None:
    """Give the name below livestorm.co that a query asks for; None for any other message.

    It may be preceded by its length, as over TCP. A domain of the machine's own that follows it,
    as libc tries them, is left out: https://man7.org/linux/man-pages/man5/resolv.conf.5.html
    """
    if _ASKS_FOR_REAL.search(message) is None:
        return None
    question = _question(message)
    found = None if question is None else _UP_TO_DOMAIN.match(question.name.lower())
    return DOMAIN if found is None else found[0]


def has_question(message: bytes) -> bool:
    """Tell whether a message has all of a question; its length may precede it, as over TCP."""
    return _question(message) is not None


def _question(message: bytes) -> Question | None:
    return read_question(message) or read_question(message[2:])


def machine_nameservers(path: Path = Path("/etc/resolv.conf")) -> list[Address]:
    """Give what the machine's programs ask, the loopback where nothing is said."""
    with suppress(OSError):
        lines = [line.split() for line in path.read_text(errors="replace").splitlines()]
        found = [words[1] for words in lines if len(words) > 1 and words[0] == "nameserver"]
        if found:
            return [(one, PORT) for one in found]
    return [("127.0.0.1", PORT)]


def is_nameserver(host: str, known: Collection[Address] | None = None) -> bool:
    """Tell whether who asks an address at port 53 asks for the machine's names or the world's.

    At the loopback anything else may be there, such as a nameserver that the command starts.
    `known` are the machine's own, by default those that its programs ask.
    """
    if not ip_address(host).is_loopback or host in _STUBS:
        return True
    return host in {one for one, _ in (machine_nameservers() if known is None else known)}


class Resolver:
    """Answers over UDP and TCP from the moment it is made until `close`, at the same address.

    `nameservers` are asked for other names, by default those of the machine.
    """

    def __init__(
        self, address_of: AddressOf, nameservers: Collection[Address] | None = None
    ) -> None:
        self._address_of = address_of
        self._nameservers = machine_nameservers() if nameservers is None else nameservers
        self._over_tcp = _TCPServer(("127.0.0.1", 0), _over_tcp(self))
        self.address: Address = ("127.0.0.1", self._over_tcp.server_address[1])
        try:
            self._over_udp = _UDPServer(self.address, _over_udp(self))
        except OSError:
            self._over_tcp.server_close()
            raise
        for server in (self._over_tcp, self._over_udp):
            threading.Thread(
                target=server.serve_forever, args=(0.1,), name="resolver", daemon=True
            ).start()

    def answer(self, query: bytes, *, whole: bool) -> bytes:
        """Give the answer to a query, nothing to what is none.

        It is `whole` even where it is too long for a datagram.
        """
        name, question = real_name(query), read_question(query)
        if question is None:
            return b""
        if name is not None:
            return answer(question, self._address_of(name))
        for nameserver in self._nameservers:
            with suppress(OSError):
                return self._checked(question, _ask(nameserver, query, whole=whole))
        return fail(question)

    def _checked(self, question: Question, found: bytes) -> bytes:
        """Give an answer as it is, unless it leads to a host of Livestorm: then that host's."""
        real = next(filter(is_livestorms, names_led_to(found)), None)
        return found if real is None else answer(question, self._address_of(real))

    def close(self) -> None:
        """End it."""
        for server in (self._over_tcp, self._over_udp):
            server.shutdown()
            server.server_close()


class _BoundedThreads(socketserver.ThreadingMixIn):
    """A thread for each of so many at once; for more, nobody is there, and clients ask again."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, *arguments: Any) -> None:
        self._free = threading.BoundedSemaphore(MOST_AT_ONCE)
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)  # type: ignore[attr-defined]  # of the server

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, *_: Any) -> None:
        """Say nothing among what the command says; whoever asked asks again."""
        log.debug("a question was not answered", exc_info=True)


class _TCPServer(_BoundedThreads, socketserver.TCPServer):
    request_queue_size = 128


class _UDPServer(_BoundedThreads, socketserver.UDPServer):
    max_packet_size = _LONGEST


def _over_udp(resolver: Resolver) -> type[socketserver.DatagramRequestHandler]:
    class Handler(socketserver.DatagramRequestHandler):
        def handle(self) -> None:
            self.wfile.write(resolver.answer(self.rfile.read(), whole=False))

    return Handler


def _over_tcp(resolver: Resolver) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        timeout = 30

        def handle(self) -> None:
            with suppress(OSError):
                while True:
                    query = read_over_tcp(self.rfile)
                    self.wfile.write(over_tcp(resolver.answer(query, whole=True)))

    return Handler


def _ask(nameserver: Address, query: bytes, *, whole: bool) -> bytes:
    """Ask another server, by TCP where the answer has to be whole and is not. Raises OSError."""
    family = socket.AF_INET6 if ":" in nameserver[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as asking:
        asking.settimeout(_SECONDS)
        asking.connect(nameserver)
        asking.send(query)
        came = asking.recv(_LONGEST)
        while came[:2] != query[:2]:
            came = asking.recv(_LONGEST)
    if not whole or not is_cut(came):
        return came
    with socket.create_connection(nameserver, _SECONDS) as asking, asking.makefile("rb") as answers:
        asking.sendall(over_tcp(query))
        return read_over_tcp(answers)

"""Asking the kernel for one connection. https://man7.org/linux/man-pages/man7/sock_diag.7.html

The tables of /proc/net have each connection of the machine, and take milliseconds to be read.
"""

import socket
import struct
from ipaddress import ip_address
from typing import Final, Self

End = tuple[str, int]
"""The address and the port of an end of a connection."""

_NETLINK_SOCK_DIAG: Final = 4
_HEADER: Final = struct.Struct("=IHHII")
_REQUEST: Final = struct.Struct("=BBBBI")
_PORTS: Final = struct.Struct("!HH")
_NO_INTERFACE_AND_COOKIE: Final = struct.pack("=III", 0, 0xFFFFFFFF, 0xFFFFFFFF)
_SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST = 20, 0x1
_ANY_STATE: Final = 0xFFFFFFFF
_INODE: Final = _HEADER.size + 68
"""Where it stands in an answer: the last member of `struct inet_diag_msg`."""


class SocketDiagnosis:
    """Asks about the network namespace in which its socket was opened."""

    def __init__(self, netlink: socket.socket) -> None:
        self._netlink = netlink
        self._asked = 0
        self.works = False
        """Whether it has found a connection; not every kernel has what it needs."""
        netlink.setblocking(False)

    @classmethod
    def here(cls) -> Self:
        """Ask about this process's own. Raises OSError where the system has no such socket."""
        return cls(open_netlink())

    def close(self) -> None:
        """Ask no more."""
        self._netlink.close()

    def inode(self, local: End, remote: End) -> int | None:
        """Give the inode of a TCP socket that is, or is to be, connected; None without one."""
        self._asked += 1
        try:
            self._netlink.sendto(_question(local, remote, self._asked), (0, 0))
            kind, answer = self._answer()
        except OSError:
            return None
        if kind != _SOCK_DIAG_BY_FAMILY:
            return None
        self.works = True
        inode: int = struct.unpack_from("=I", answer, _INODE)[0]
        return inode or None

    def _answer(self) -> tuple[int, bytes]:
        """Read up to the answer to what was asked last; give its kind. Raises OSError."""
        while True:
            answer = self._netlink.recv(4096)
            _, kind, _, number, _ = _HEADER.unpack_from(answer)
            if number == self._asked:
                return kind, answer


def open_netlink() -> socket.socket:
    """Open what asks. Raises OSError."""
    return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_SOCK_DIAG)


def _question(local: End, remote: End, number: int) -> bytes:
    here, there = ip_address(local[0]), ip_address(remote[0])
    family = socket.AF_INET if here.version == 4 else socket.AF_INET6
    body = _REQUEST.pack(family, socket.IPPROTO_TCP, 0, 0, _ANY_STATE)
    body += _PORTS.pack(local[1], remote[1])
    body += here.packed.ljust(16, b"\0") + there.packed.ljust(16, b"\0") + _NO_INTERFACE_AND_COOKIE
    length = _HEADER.size + len(body)
    return _HEADER.pack(length, _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, number, 0) + body

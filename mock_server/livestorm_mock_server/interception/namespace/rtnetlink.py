"""The network inside, set up over rtnetlink. https://man7.org/linux/man-pages/man7/rtnetlink.7.html"""

import errno
import os
import socket
import struct
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address
from typing import Final

Address = IPv4Address | IPv6Address

LOOPBACK: Final = 1
"""The index of `lo`: in each network namespace the first."""

_HEADER = struct.Struct("=IHHII")
_ATTRIBUTE = struct.Struct("=HH")
_LINK = struct.Struct("=BxHiII")
_ADDRESS = struct.Struct("=BBBBI")
_ROUTE = struct.Struct("=BBBBBBBBI")

# https://github.com/torvalds/linux/blob/master/include/uapi/linux/netlink.h, rtnetlink.h, if.h
_NLM_F_REQUEST, _NLM_F_ACK, _NLM_F_EXCL, _NLM_F_CREATE = 0x1, 0x4, 0x200, 0x400
_RTM_NEWLINK, _RTM_NEWADDR, _RTM_NEWROUTE = 16, 20, 24
_IFF_UP = 0x1
_IFA_LOCAL, _IFA_ADDRESS = 2, 1
_RTA_OIF, _RTA_PREFSRC = 4, 7
_TABLE_MAIN, _PROTOCOL_BOOT = 254, 3
_SCOPE_UNIVERSE, _SCOPE_LINK, _SCOPE_HOST = 0, 253, 254
_UNICAST, _LOCAL = 1, 2


class Network:
    """The network namespace of this process."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self._socket.bind((0, 0))

    def close(self) -> None:
        """Set up no more."""
        self._socket.close()

    def begin_loopback(self) -> None:
        """Let packets go through `lo`. Raises OSError."""
        self._ask(_RTM_NEWLINK, _LINK.pack(socket.AF_UNSPEC, 0, LOOPBACK, _IFF_UP, _IFF_UP))

    def add_address(self, address: Address) -> None:
        """Make an address one of this machine's. Raises OSError, but not if it is one already."""
        family, length = _family(address), address.max_prefixlen
        body = _ADDRESS.pack(family, length, 0, _SCOPE_UNIVERSE, LOOPBACK)
        body += _attribute(_IFA_LOCAL, address.packed) + _attribute(_IFA_ADDRESS, address.packed)
        with suppress(FileExistsError):
            self._ask(_RTM_NEWADDR, body, _NLM_F_CREATE | _NLM_F_EXCL)

    def lead_all_into_the_void(self, source: IPv4Address) -> None:
        """Route all other IPv4 addresses into `lo`, where nobody answers, from an address.

        What comes back through `lo` on a route that is not a local one is dropped. Raises OSError.
        """
        self._add_route(
            socket.AF_INET, _UNICAST, _SCOPE_LINK, _attribute(_RTA_PREFSRC, source.packed)
        )

    def refuse_all_of_ipv6(self) -> None:
        """Make all IPv6 addresses this machine's, where nobody listens, if there is IPv6.

        The kernel has no other route into `lo` for IPv6 than one that is refused unseen.
        https://github.com/torvalds/linux/blob/master/net/ipv6/route.c (`fib6_is_reject`)
        """
        try:
            self._add_route(socket.AF_INET6, _LOCAL, _SCOPE_HOST, b"")
        except OSError as error:
            if error.errno not in (errno.EOPNOTSUPP, errno.EAFNOSUPPORT, errno.EACCES, errno.EPERM):
                raise

    def _add_route(self, family: int, kind: int, scope: int, attributes: bytes) -> None:
        body = _ROUTE.pack(family, 0, 0, 0, _TABLE_MAIN, _PROTOCOL_BOOT, scope, kind, 0)
        body += attributes + _attribute(_RTA_OIF, struct.pack("=i", LOOPBACK))
        self._ask(_RTM_NEWROUTE, body, _NLM_F_CREATE | _NLM_F_EXCL)

    def _ask(self, kind: int, body: bytes, flags: int = 0) -> None:
        length = _HEADER.size + len(body)
        head = _HEADER.pack(length, kind, _NLM_F_REQUEST | _NLM_F_ACK | flags, 1, 0)
        self._socket.send(head + body)
        answer = self._socket.recv(65536)
        number = -struct.unpack_from("=i", answer, _HEADER.size)[0]
        if number:
            raise OSError(number, os.strerror(number))


def _attribute(kind: int, value: bytes) -> bytes:
    padding = bytes(-len(value) % 4)
    return _ATTRIBUTE.pack(_ATTRIBUTE.size + len(value), kind) + value + padding


def _family(address: Address) -> int:
    return socket.AF_INET if address.version == 4 else socket.AF_INET6

"""Sockets of the namespace that are looked at from outside: what goes elsewhere, what is asked."""

import ctypes
import socket
import struct
from collections.abc import Sequence
from ipaddress import IPv4Address
from typing import Final

from ..dns import PORT
from ..sock_diag import open_netlink
from .addresses import RESOLVER
from .rtnetlink import LOOPBACK

TABLES: Final = ("tcp", "udp", "tcp6", "udp6")
"""The files of /proc/net that say whose socket is whose; whoever has them open can read on.

The last two are not there without IPv6.
"""

RESET_OF_SYN: Final = 0x14
"""The flags of what answers where nobody listens: RST and ACK (RFC 9293, section 3.10.7.1)."""

_ETH_P_IP, _ETH_P_IPV6 = 0x0800, 0x86DD
_SO_ATTACH_FILTER = 26

# Classic BPF: https://www.kernel.org/doc/html/latest/networking/filter.html
_LOAD, _LOAD_BYTE, _AND, _IF_EQUAL, _RETURN = 0x20, 0x30, 0x54, 0x15, 0x06
# Loads the length of the IPv4 header; the other two count from its end.
_LOAD_LENGTH, _LOAD_BEHIND, _LOAD_BYTE_BEHIND = 0xB1, 0x40, 0x50
_DROP, _TAKE = 0, 256
"""Bytes of a packet: enough for its headers, or for a question to a resolver."""

Instruction = tuple[int, int, int, int]


def observe(own: Sequence[IPv4Address]) -> list[socket.socket]:
    """Open the sockets, in the order of `plan.OBSERVERS`. Raises OSError.

    What goes to `own` addresses, or to the loopback, is not looked at.
    """
    return [
        _packets(_ETH_P_IP, _elsewhere_by_ipv4(own)),
        _packets(_ETH_P_IPV6, _elsewhere_by_ipv6()),
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
        open_netlink(),
        _bound(socket.SOCK_DGRAM, PORT),
        _bound(socket.SOCK_STREAM, PORT),
    ]


def _bound(kind: int, port: int) -> socket.socket:
    one = socket.socket(socket.AF_INET, kind)
    one.bind((str(RESOLVER), port))
    if kind == socket.SOCK_STREAM:
        one.listen()
    return one


def _packets(protocol: int, program: Sequence[Instruction]) -> socket.socket:
    """Open what sees packets on `lo` that pass a filter, without their link headers."""
    one = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
    code = b"".join(struct.pack("=HBBI", *step) for step in program)
    kept = ctypes.create_string_buffer(code, len(code))
    filtered = struct.pack("HP", len(program), ctypes.addressof(kept))
    one.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, filtered)
    one.bind((socket.if_indextoname(LOOPBACK), protocol))
    return one


def _elsewhere_by_ipv4(own: Sequence[IPv4Address]) -> list[Instruction]:
    """Take what goes to no address of this machine's, and what the loopback refuses."""
    loopback = int(IPv4Address("127.0.0.0"))
    count = len(own)
    return [
        (_LOAD, 0, 0, 16),
        *((_IF_EQUAL, count - number + 9, 0, int(one)) for number, one in enumerate(own)),
        (_AND, 0, 0, 0xFF000000),
        (_IF_EQUAL, 0, 7, loopback),
        (_LOAD_BYTE, 0, 0, 9),
        (_IF_EQUAL, 0, 6, socket.IPPROTO_TCP),
        (_LOAD_LENGTH, 0, 0, 0),
        (_LOAD_BYTE_BEHIND, 0, 0, 13),
        (_IF_EQUAL, 0, 3, RESET_OF_SYN),
        # What answers a SYN has no sequence number of its own.
        (_LOAD_BEHIND, 0, 0, 4),
        (_IF_EQUAL, 0, 1, 0),
        (_RETURN, 0, 0, _TAKE),
        (_RETURN, 0, 0, _DROP),
    ]


def _elsewhere_by_ipv6() -> list[Instruction]:
    """Take what goes neither to a link nor to a group, and of the loopback what it refuses."""
    return [
        (_LOAD, 0, 0, 24),
        (_IF_EQUAL, 0, 6, 0),
        (_LOAD_BYTE, 0, 0, 6),
        (_IF_EQUAL, 0, 9, socket.IPPROTO_TCP),
        (_LOAD_BYTE, 0, 0, 40 + 13),
        (_IF_EQUAL, 0, 7, RESET_OF_SYN),
        (_LOAD, 0, 0, 40 + 4),
        (_IF_EQUAL, 4, 5, 0),
        (_AND, 0, 0, 0xFFC00000),
        (_IF_EQUAL, 3, 0, 0xFE800000),
        (_AND, 0, 0, 0xFF000000),
        (_IF_EQUAL, 1, 0, 0xFF000000),
        (_RETURN, 0, 0, _TAKE),
        (_RETURN, 0, 0, _DROP),
    ]

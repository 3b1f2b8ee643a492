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
from .filters import Instruction, by_ipv4, by_ipv6
from .rtnetlink import LOOPBACK

TABLES: Final = ("tcp", "udp", "tcp6", "udp6")
"""The files of /proc/net that say whose socket is whose; whoever has them open can read on.

The last two are not there without IPv6.
"""

_SO_ATTACH_FILTER, _SO_RCVBUFFORCE, _SO_MEMINFO = 26, 33, 55
_ETH_P_IP, _ETH_P_IPV6 = 0x0800, 0x86DD
_BUFFER: Final = 64 << 20
"""Bytes, of which the kernel takes what it allows: a packet counts with all that it holds."""
_MEMINFO: Final = struct.Struct("=9I")
"""Ends with what was dropped. https://www.kernel.org/doc/html/latest/networking/ (SK_MEMINFO)"""


def observe(own: Sequence[IPv4Address]) -> list[socket.socket]:
    """Open the sockets, in the order of `plan.OBSERVERS`. Raises OSError.

    What goes to `own` addresses, or to the loopback, is not looked at.
    """
    return [
        _packets(_ETH_P_IP, by_ipv4(own, urgent=True)),
        _packets(_ETH_P_IP, by_ipv4(own, urgent=False)),
        _packets(_ETH_P_IPV6, by_ipv6()),
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
        open_netlink(),
        _bound(socket.SOCK_DGRAM, PORT),
        _bound(socket.SOCK_STREAM, PORT),
    ]


def _bound(kind: int, port: int) -> socket.socket:
    one = socket.socket(socket.AF_INET, kind)
    one.bind((str(RESOLVER), port))
    _enlarge(one)
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
    _enlarge(one)
    one.bind((socket.if_indextoname(LOOPBACK), protocol))
    return one


def lost(observer: socket.socket) -> int:
    """Tell how many packets found no room; 0 also where the kernel does not say (before 4.12)."""
    try:
        told = observer.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO.size)
        dropped: int = _MEMINFO.unpack(told)[-1]
    except (OSError, struct.error):
        return 0
    return dropped


def _enlarge(one: socket.socket) -> None:
    """Take all the room that there is; only root of the whole machine may have more than others."""
    try:
        one.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
    except OSError:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)

"""Packets that go elsewhere: read, and refused on the spot as a router would."""

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
from typing import Final

from msgspec import Struct

from .addresses import REAL_HOSTS
from .filters import RESET_OF_SYN

_REAL_HOSTS: Final = frozenset(map(str, REAL_HOSTS))
_PROTOCOLS: Final = {socket.IPPROTO_TCP: "tcp", socket.IPPROTO_UDP: "udp"}
_SYN, _ACK = 0x02, 0x10
# https://www.rfc-editor.org/rfc/rfc1812#section-5.2.7.1
_UNREACHABLE, _PROHIBITED = 3, 13


class Packet(Struct, frozen=True):
    """The beginning of something that goes elsewhere."""

    protocol: str
    """`tcp`, `udp`, or the number of another one."""
    source: str
    source_port: int
    target: str
    target_port: int
    data: bytes = b""
    """What a datagram holds, or its beginning."""
    is_refused: bool = False
    """Whether this machine has refused it already, where nobody listens."""

    @property
    def begins_quic(self) -> bool:
        """Whether it may be HTTP/3 to the real hosts, which clients try beside TCP.

        https://www.rfc-editor.org/rfc/rfc9114#section-3
        """
        is_quic = (self.protocol, self.target_port) == ("udp", 443)
        return is_quic and self.target in _REAL_HOSTS

    @property
    def place(self) -> str:
        """Where it goes."""
        host = f"[{self.target}]" if ":" in self.target else self.target
        return f"{host}:{self.target_port}" if self.target_port else f"{host} ({self.protocol})"


def read_packet(raw: bytes) -> Packet | None:
    """Read an IP packet; None for what begins nothing, such as a later part of a connection."""
    try:
        return _read(raw)
    except (IndexError, ValueError, struct.error):
        return None  # It is shorter than it says.


def _read(raw: bytes) -> Packet | None:
    if raw[0] >> 4 == 4:
        start, number, ends = (raw[0] & 0xF) * 4, raw[9], (raw[12:16], raw[16:20])
    else:
        start, number, ends = 40, raw[6], (raw[8:24], raw[24:40])
    source, target = (str(ip_address(one)) for one in ends)
    protocol = _PROTOCOLS.get(number)
    if protocol is None:
        return Packet(f"IP protocol {number}", source, 0, target, 0)
    ports = struct.unpack_from("!HH", raw, start)
    if protocol == "udp":
        data, is_refused = raw[start + 8 :], target in _REAL_HOSTS
        return Packet(protocol, source, ports[0], target, ports[1], data, is_refused)
    return _read_tcp(raw[start + 13], (source, ports[0]), (target, ports[1]))


def _read_tcp(flags: int, source: tuple[str, int], target: tuple[str, int]) -> Packet | None:
    if flags & (_SYN | _ACK) == _SYN:
        return Packet("tcp", *source, *target)
    if flags == RESET_OF_SYN and ip_address(source[0]).is_loopback:
        return Packet("tcp", *target, *source, is_refused=True)
    return None


def refuse(icmp: socket.socket, raw: bytes) -> None:
    """Tell an IPv4 sender at once that this way is prohibited, as RFC 792 has it."""
    if raw[0] >> 4 != 4:
        return  # The kernel has refused it already.
    quoted = raw[: (raw[0] & 0xF) * 4 + 8]
    message = struct.pack("!BBHI", _UNREACHABLE, _PROHIBITED, 0, 0) + quoted
    checked = message[:2] + struct.pack("!H", _checksum(message)) + message[4:]
    with suppress(OSError):
        icmp.sendto(checked, (socket.inet_ntoa(raw[12:16]), 0))


def take(observer: socket.socket) -> Iterator[bytes]:
    """Give the packets that have come."""
    with suppress(OSError):
        while True:
            yield observer.recv(4096)


def _checksum(message: bytes) -> int:
    padded = message + bytes(len(message) % 2)
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF

"""Where a system call wants to go, as its arguments lie in the caller's memory."""

import os
import socket
import struct
from collections.abc import Callable
from typing import Final

import msgspec

from .seccomp import Call, Machine

IPAddress = tuple[str, int]
Read = Callable[[int, int], bytes]
"""Gives so many bytes from an address of the caller's memory. Raises OSError."""

# Layouts of 64-bit Linux: https://man7.org/linux/man-pages/man2/send.2.html (`struct msghdr`)
_MESSAGE: Final = struct.Struct("=QI4xQQ24x")
_MESSAGE_AND_RESULT: Final = 64
_BUFFER: Final = struct.Struct("=QQ")
_LONGEST_ADDRESS: Final = 128
_NO_FAMILY, _IPV4_FAMILY = struct.pack("=H", socket.AF_UNSPEC), struct.pack("=H", socket.AF_INET)
_LONGEST_QUERY: Final = 512
_MOST_MESSAGES: Final = 1024
"""As many as Linux sends by one call (`UIO_MAXIOV`)."""
_MOST_BUFFERS: Final = 1024
"""As many as Linux sends in one message (`UIO_MAXIOV`)."""
_FAST_OPEN: Final = 0x20000000


class Sent(msgspec.Struct, frozen=True):
    """What is connected or sent: the address, a path of a Unix socket or None, and first bytes."""

    to: IPAddress | str | None
    payload: bytes | None = None
    """None where it is connected only."""
    opens: bool = False
    """Whether it connects as well, by `MSG_FASTOPEN`: https://www.rfc-editor.org/rfc/rfc7413"""


def sent_by(call: Call, machine: Machine, read: Read) -> list[Sent]:
    """Give what a call of `seccomp.py` sends where. Raises OSError."""
    return {
        machine.connect: _connect,
        machine.sendto: _sendto,
        machine.sendmsg: _sendmsg,
        machine.sendmmsg: _sendmmsg,
    }[call.number](call.arguments, read)


def _connect(arguments: tuple[int, ...], read: Read) -> list[Sent]:
    _, address, length, *_ = arguments
    raw = _raw_address(address, length, read)
    return [Sent(_address(raw))]


def _sendto(arguments: tuple[int, ...], read: Read) -> list[Sent]:
    _, buffer, size, flags, address, length = arguments
    payload = read(buffer, min(size, _LONGEST_QUERY))
    raw = _raw_address(address, length, read)
    return [Sent(_destination(raw), payload, bool(flags & _FAST_OPEN))]


def _sendmsg(arguments: tuple[int, ...], read: Read) -> list[Sent]:
    _, message, flags, *_ = arguments
    return [_message(read(message, _MESSAGE.size), flags, read)]


def _sendmmsg(arguments: tuple[int, ...], read: Read) -> list[Sent]:
    _, first, count, flags, *_ = arguments
    size = min(count & 0xFFFFFFFF, _MOST_MESSAGES) * _MESSAGE_AND_RESULT
    raw = read(first, size)
    starts = range(0, size, _MESSAGE_AND_RESULT)
    return [_message(raw[start : start + _MESSAGE.size], flags, read) for start in starts]


def _message(raw: bytes, flags: int, read: Read) -> Sent:
    name, length, buffers, count = _MESSAGE.unpack(raw)
    if not name:
        return Sent(None)
    to = _destination(_raw_address(name, length, read))
    payload = _gathered(buffers, min(count, _MOST_BUFFERS), read)
    return Sent(to, payload, bool(flags & _FAST_OPEN))


def _gathered(buffers: int, count: int, read: Read) -> bytes:
    """Give the first bytes of what lies in many places."""
    payload = b""
    for start, size in _BUFFER.iter_unpack(read(buffers, count * _BUFFER.size)):
        payload += read(start, min(size, _LONGEST_QUERY - len(payload))) if size else b""
        if len(payload) >= _LONGEST_QUERY:
            break
    return payload


def _raw_address(at: int, length: int, read: Read) -> bytes:
    return read(at, min(length & 0xFFFFFFFF, _LONGEST_ADDRESS))


def _destination(raw: bytes) -> IPAddress | str | None:
    """Give where something is sent: there, unlike in `connect`, no family is that of IPv4."""
    if raw[:2] == _NO_FAMILY:
        raw = _IPV4_FAMILY + raw[2:]
    return _address(raw)


def _address(raw: bytes) -> IPAddress | str | None:
    family = int.from_bytes(raw[:2], "little")
    if family == socket.AF_UNIX:
        return os.fsdecode(raw[2:].partition(b"\0")[0])
    for known, start, size in ((socket.AF_INET, 4, 4), (socket.AF_INET6, 8, 16)):
        if family == known and len(raw) >= start + size:
            host = socket.inet_ntop(known, raw[start : start + size])
            return host.removeprefix("::ffff:"), int.from_bytes(raw[2:4], "big")
    return None

"""Where a system call wants to go, as its arguments lie in the caller's memory."""

import os
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from .seccomp import Call, Machine

IPAddress = tuple[str, int]
Read = Callable[[int, int], bytes]
"""Gives so many bytes from an address of the caller's memory. Raises OSError."""

# Layouts of 64-bit Linux: https://man7.org/linux/man-pages/man2/send.2.html (`struct msghdr`)
_MESSAGE: Final = struct.Struct("=QI4xQQ24x")
_MESSAGE_AND_RESULT: Final = 64
_BUFFER: Final = struct.Struct("=QQ")
_LONGEST_ADDRESS: Final = 128
_LONGEST_QUERY: Final = 512
_MOST_MESSAGES: Final = 1024
"""As many as Linux sends by one call (`UIO_MAXIOV`)."""
_MOST_BUFFERS: Final = 16


@dataclass(frozen=True, slots=True)
class Sent:
    """What is connected or sent: the address, a path of a Unix socket or None, and first bytes."""

    to: IPAddress | str | None
    payload: bytes = b""


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
    return [Sent(_address(address, length, read))]


def _sendto(arguments: tuple[int, ...], read: Read) -> list[Sent]:
    _, buffer, size, _, address, length = arguments
    return [Sent(_address(address, length, read), read(buffer, min(size, _LONGEST_QUERY)))]


def _sendmsg(arguments: tuple[int, ...], read: Read) -> list[Sent]:
    return [_message(read(arguments[1], _MESSAGE.size), read)]


def _sendmmsg(arguments: tuple[int, ...], read: Read) -> list[Sent]:
    _, first, count, *_ = arguments
    size = min(count & 0xFFFFFFFF, _MOST_MESSAGES) * _MESSAGE_AND_RESULT
    raw = read(first, size)
    starts = range(0, size, _MESSAGE_AND_RESULT)
    return [_message(raw[start : start + _MESSAGE.size], read) for start in starts]


def _message(raw: bytes, read: Read) -> Sent:
    name, length, buffers, count = _MESSAGE.unpack(raw)
    if not name:
        return Sent(None)
    payload = b""
    for number in range(min(count, _MOST_BUFFERS)):
        start, size = _BUFFER.unpack(read(buffers + number * _BUFFER.size, _BUFFER.size))
        payload += read(start, min(size, _LONGEST_QUERY - len(payload)))
        if len(payload) >= _LONGEST_QUERY:
            break
    return Sent(_address(name, length, read), payload)


def _address(at: int, length: int, read: Read) -> IPAddress | str | None:
    raw = read(at, min(length & 0xFFFFFFFF, _LONGEST_ADDRESS))
    family = int.from_bytes(raw[:2], "little")
    if family == socket.AF_UNIX:
        return os.fsdecode(raw[2:].partition(b"\0")[0])
    for known, start, size in ((socket.AF_INET, 4, 4), (socket.AF_INET6, 8, 16)):
        if family == known and len(raw) >= start + size:
            host = socket.inet_ntop(known, raw[start : start + size])
            return host.removeprefix("::ffff:"), int.from_bytes(raw[2:4], "big")
    return None

"""System calls of a child that wait for this process to decide on them: seccomp's notifications.

Linux 5.9 or newer, x86_64 and aarch64. https://man7.org/linux/man-pages/man2/seccomp_unotify.2.html
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

# fcntl is missing on Windows, where nothing here is called.
try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of one architecture.

    `foreign_sockets` are those by which 32-bit code makes, connects and uses sockets. Any program
    may have such code: `int $0x80` of x86 works in 64-bit ones, with their sockets.
    """

    audit: int
    seccomp: int
    connect: int
    sendto: int
    sendmsg: int
    sendmmsg: int
    foreign_sockets: tuple[int, ...]


# https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/include/uapi/linux/audit.h
MACHINES: Final[Mapping[str, Machine]] = {
    "x86_64": Machine(
        audit=0xC000003E,
        seccomp=317,
        connect=42,
        sendto=44,
        sendmsg=46,
        sendmmsg=307,
        foreign_sockets=(102, 345, 359, 362, 369, 370),
    ),
    "aarch64": Machine(
        audit=0xC00000B7,
        seccomp=277,
        connect=203,
        sendto=206,
        sendmsg=211,
        sendmmsg=269,
        foreign_sockets=(281, 283, 290, 296, 374),
    ),
}
IO_URING_SETUP: Final = 425
"""On every architecture, of 32 bits as well."""
_X32: Final = 0x40000000

HAND_OVER: Final = 0x2840
"""Flags of `sendmsg` that are let through, an odd mixture that nothing else asks for.

The child hands the listener over with them: any other message would wait for who has it. After
that `close_hand_over` refuses them.
"""

# https://man7.org/linux/man-pages/man2/seccomp.2.html
_SET_MODE_FILTER: Final = 1
_NEW_LISTENER: Final = 1 << 3
_WAIT_KILLABLE: Final = 1 << 5
_ALLOW: Final = 0x7FFF0000
_NOTIFY: Final = 0x7FC00000
_ERRNO: Final = 0x00050000
_SET_NO_NEW_PRIVS: Final = 38

# https://www.kernel.org/doc/html/latest/networking/filter.html
_LOAD: Final = 0x20
_IF_EQUAL: Final = 0x15
_IF_AT_LEAST: Final = 0x35
_GIVE: Final = 0x06

_Row = tuple[int, int, int, int]
"""An instruction, how many to leave out if so and if not, and its value."""

_NUMBER: Final = 0
_AUDIT: Final = 4
_ARGUMENTS: Final = 16

_NOTIFICATION: Final = struct.Struct("=QIIiIQ6Q")
_ANSWER: Final = struct.Struct("=QqiI")
_DESCRIPTOR: Final = struct.Struct("=QIIII")
_RECEIVE: Final = 0xC0502100
_SEND: Final = 0xC0182101
_IS_VALID: Final = 0x40082102
_ADD_DESCRIPTOR: Final = 0x40182103
_CONTINUE: Final = 1
_REPLACE: Final = 1


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


class Call(msgspec.Struct, frozen=True):
    """A system call of a thread that waits."""

    id: int
    thread: int
    number: int
    arguments: tuple[int, ...]


class Listener:
    """Where the calls come in; each has to be answered once."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def fileno(self) -> int:
        """Give the descriptor; it is readable where a call waits."""
        return self._descriptor

    def receive(self) -> Call | None:
        """Take a call that waits; None where its thread was ended meanwhile."""
        buffer = bytearray(_NOTIFICATION.size)
        try:
            fcntl.ioctl(self._descriptor, _RECEIVE, buffer, True)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.EINTR):
                return None
            raise
        id_, thread, _, number, _, _, *arguments = _NOTIFICATION.unpack(buffer)
        return Call(id_, thread, number, tuple(arguments))

    def still_waits(self, call: Call) -> bool:
        """Tell whether what was read of its process was that of this call."""
        try:
            fcntl.ioctl(self._descriptor, _IS_VALID, struct.pack("=Q", call.id))
        except OSError:
            return False
        return True

    def let(self, call: Call) -> None:
        """Let the kernel do it."""
        self._answer(call, 0, _CONTINUE)

    def refuse(self, call: Call, number: int) -> None:
        """Let it fail with an error number."""
        self._answer(call, -number, 0)

    def succeed(self, call: Call) -> None:
        """Say that it is done."""
        self._answer(call, 0, 0)

    def replace(self, call: Call, descriptor: int, theirs: int, flags: int) -> None:
        """Put a descriptor of this process in the place of one of theirs. Raises OSError."""
        asked = _DESCRIPTOR.pack(call.id, _REPLACE, descriptor, theirs, flags)
        fcntl.ioctl(self._descriptor, _ADD_DESCRIPTOR, asked)

    def close(self) -> None:
        """Let all calls that wait, and all to come, fail with ENOSYS."""
        os.close(self._descriptor)

    def _answer(self, call: Call, error: int, flags: int) -> None:
        try:
            fcntl.ioctl(self._descriptor, _SEND, _ANSWER.pack(call.id, 0, error, flags))
        except OSError as failed:
            if failed.errno != errno.ENOENT:  # its thread was ended
                raise


def this_machine() -> Machine | None:
    """Give the numbers of this machine, None where there is no such thing."""
    return MACHINES.get(platform.machine()) if sys.platform == "linux" else None


def install(machine: Machine) -> int:
    """Have calls of this process and of all that it starts wait; give the listener's descriptor.

    There is no way back, and programs that raise their privileges, such as sudo, no longer do.
    Raises OSError where the system refuses it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    _check(libc.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    flags = (_NEW_LISTENER | _WAIT_KILLABLE, _NEW_LISTENER)  # the first from 5.19 on
    return _add_filter(machine, _filter(machine), flags)


def close_hand_over(machine: Machine) -> None:
    """Refuse from now on what `HAND_OVER` let through. Raises OSError."""
    _add_filter(machine, _filter_after_hand_over(machine), (0,))


def _add_filter(machine: Machine, code: bytes, choices: tuple[int, ...]) -> int:
    """Add a program, by the first flags that the kernel knows: the strictest of all counts."""
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(buffer))
    for flags in choices:
        given = libc.syscall(machine.seccomp, _SET_MODE_FILTER, flags, ctypes.byref(program))
        if given >= 0 or ctypes.get_errno() != errno.EINVAL:
            break
    return int(_check(given))


def _check(given: int) -> int:
    if given < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return given


def _filter(machine: Machine) -> bytes:
    """Give the program, which looks at the arguments' registers only."""
    unknown = _ERRNO | errno.ENOSYS
    foreign = [
        (_LOAD, 0, 0, _NUMBER),
        *_cases(machine.foreign_sockets, _ERRNO | errno.EAFNOSUPPORT),
        *_cases((IO_URING_SETUP,), unknown),
        (_GIVE, 0, 0, _ALLOW),
    ]
    rows = [
        (_LOAD, 0, 0, _AUDIT),
        (_IF_EQUAL, len(foreign), 0, machine.audit),
        *foreign,
        (_LOAD, 0, 0, _NUMBER),
        (_IF_AT_LEAST, 0, 1, _X32),
        (_GIVE, 0, 0, unknown),
        *_cases((IO_URING_SETUP,), unknown),
        *_cases((machine.connect, machine.sendmmsg), _NOTIFY),
        # A destination of its own is what only an unconnected socket needs.
        (_IF_EQUAL, 0, 6, machine.sendto),
        (_LOAD, 0, 0, _ARGUMENTS + 8 * 4),
        (_IF_EQUAL, 0, 3, 0),
        (_LOAD, 0, 0, _ARGUMENTS + 8 * 4 + 4),
        (_IF_EQUAL, 0, 1, 0),
        (_GIVE, 0, 0, _ALLOW),
        (_GIVE, 0, 0, _NOTIFY),
        (_IF_EQUAL, 0, 3, machine.sendmsg),
        (_LOAD, 0, 0, _ARGUMENTS + 8 * 2),
        (_IF_EQUAL, 1, 0, HAND_OVER),
        (_GIVE, 0, 0, _NOTIFY),
        (_GIVE, 0, 0, _ALLOW),
    ]
    return _encoded(rows)


def _filter_after_hand_over(machine: Machine) -> bytes:
    rows = [
        (_LOAD, 0, 0, _AUDIT),
        (_IF_EQUAL, 0, 5, machine.audit),
        (_LOAD, 0, 0, _NUMBER),
        (_IF_EQUAL, 0, 3, machine.sendmsg),
        (_LOAD, 0, 0, _ARGUMENTS + 8 * 2),
        (_IF_EQUAL, 0, 1, HAND_OVER),
        (_GIVE, 0, 0, _ERRNO | errno.EINVAL),
        (_GIVE, 0, 0, _ALLOW),
    ]
    return _encoded(rows)


def _encoded(rows: Sequence[_Row]) -> bytes:
    return b"".join(struct.pack("=HBBI", *row) for row in rows)


def _cases(numbers: tuple[int, ...], given: int) -> list[_Row]:
    """Give `given` for each of these numbers."""
    return [row for one in numbers for row in ((_IF_EQUAL, 0, 1, one), (_GIVE, 0, 0, given))]

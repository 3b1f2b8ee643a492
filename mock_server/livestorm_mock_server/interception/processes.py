"""What Linux shows of another process: who it is, its memory, its descriptors."""

import contextlib
import ctypes
import errno
import os
import socket
from pathlib import Path
from typing import Final

from .socket_owners import name_of
from .way import Process

_PIDFD_GETFD: Final = 438


def is_readable(process_id: int) -> bool:
    """Tell whether the memory of a process may be read: yama's `ptrace_scope` may forbid it."""
    try:
        with open(f"/proc/{process_id}/mem", "rb", buffering=0):
            return True
    except OSError:
        return False


def read_memory(memory: int, at: int, size: int) -> bytes:
    """Read so many bytes from an address of an open memory. Raises OSError."""
    try:
        return os.pread(memory, size, at)
    except OverflowError:  # No process has such an address.
        raise OSError(errno.EFAULT, os.strerror(errno.EFAULT)) from None


def process_of(thread: int) -> Process | None:
    """Give the process of a thread, None where it is gone."""
    with contextlib.suppress(OSError, IndexError):
        text = Path(f"/proc/{thread}/status").read_text(errors="replace")
        process_id = int(text.partition("\nTgid:")[2].split()[0])
        return Process(process_id, name_of(process_id))
    return None


def kind_of_socket(asking: Process | None, descriptor: int) -> int:
    """Give the kind of a process's socket; of datagrams, as most are, where it can't be known.

    Raises OSError where the descriptor is no socket's.
    """
    number = None if asking is None else _take(asking.id, descriptor)
    if number is None:
        return socket.SOCK_DGRAM
    try:
        theirs = socket.socket(fileno=number)
    except OSError:
        os.close(number)
        raise
    with theirs:
        return theirs.type


def local_port(asking: Process, descriptor: int) -> int | None:
    """Give the port from which a process's TCP socket will connect: it is bound to one at once.

    None where it can't be known, and for other sockets.
    """
    number = _take(asking.id, descriptor)
    if number is None:
        return None
    try:
        theirs = socket.socket(fileno=number)
    except OSError:
        os.close(number)
        return None
    with theirs, contextlib.suppress(OSError):
        if theirs.type == socket.SOCK_STREAM and theirs.family in (
            socket.AF_INET,
            socket.AF_INET6,
        ):
            with contextlib.suppress(OSError):  # It may be bound already.
                theirs.bind(("", 0))
            return int(theirs.getsockname()[1]) or None
    return None


def _take(process_id: int, descriptor: int) -> int | None:
    """Copy a descriptor of another process, None where that is refused, as containers do.

    https://man7.org/linux/man-pages/man2/pidfd_getfd.2.html
    """
    try:
        pidfd = os.pidfd_open(process_id)
    except OSError:
        return None
    try:
        taken = ctypes.CDLL(None, use_errno=True).syscall(_PIDFD_GETFD, pidfd, descriptor, 0)
    finally:
        os.close(pidfd)
    return None if taken < 0 else taken


def gives_descriptors(process_id: int) -> bool:
    """Tell whether descriptors of a process may be copied."""
    taken = [one for number in range(3) if (one := _take(process_id, number)) is not None]
    for one in taken:
        os.close(one)
    return bool(taken)


def flags_of(thread: int, descriptor: int) -> int:
    """Give the flags of a thread's descriptor. Raises OSError.

    https://man7.org/linux/man-pages/man5/proc_pid_fdinfo.5.html
    """
    text = Path(f"/proc/{thread}/fdinfo/{descriptor}").read_text()
    return int(text.partition("flags:")[2].split()[0], 8)

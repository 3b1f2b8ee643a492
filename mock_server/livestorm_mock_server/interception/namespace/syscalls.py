"""What Python offers in newer versions only, or not at all: `unshare`, `mount`, `prctl`."""

import ctypes
import os
from pathlib import Path
from typing import Final

# https://man7.org/linux/man-pages/man2/unshare.2.html
CLONE_NEWNS: Final = 0x00020000
CLONE_NEWUSER: Final = 0x10000000
CLONE_NEWNET: Final = 0x40000000

# https://man7.org/linux/man-pages/man2/mount.2.html
MS_NOSUID: Final = 0x2
MS_NODEV: Final = 0x4
MS_BIND: Final = 0x1000
MS_REC: Final = 0x4000
MS_SLAVE: Final = 0x80000

# https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html
_PR_SET_PDEATHSIG: Final = 1
# https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html
_PR_SET_CHILD_SUBREAPER: Final = 36


def unshare(flags: int) -> None:
    """Leave namespaces for new ones. Raises OSError."""
    _check(_library().unshare(flags))


def mount(
    source: Path | str, target: Path | str, kind: str = "", flags: int = 0, options: str = ""
) -> None:
    """Mount something, in this namespace. Raises OSError, with the target."""
    arguments = [os.fsencode(one) for one in (source, target, kind)]
    _check(_library().mount(*arguments, flags, options.encode()), str(target))


def bind(source: Path, target: Path) -> None:
    """Let a file or folder stand where another one is, with all that is mounted in it.

    Without that the kernel refuses it. Raises OSError.
    """
    mount(source, target, flags=MS_BIND | MS_REC)


def end_with_parent(number: int) -> None:
    """Have this process get a signal when its parent ends. Raises OSError."""
    _check(_library().prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0))


def adopt_orphans() -> None:
    """Become the parent of descendants that lose theirs. Raises OSError."""
    _check(_library().prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(None, use_errno=True)
    library.mount.argtypes = (*[ctypes.c_char_p] * 3, ctypes.c_ulong, ctypes.c_char_p)
    library.prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)
    return library


def _check(result: int, named: str | None = None) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), named)

"""The users of a new user namespace: the same as outside, under the same numbers.

https://man7.org/linux/man-pages/man7/user_namespaces.7.html
"""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

_SETGID, _SETUID = 6, 7
"""Bits of capabilities: https://man7.org/linux/man-pages/man7/capabilities.7.html"""
_MAPS: Final = ("uid_map", "gid_map")


def keep_users(unshare: Callable[[], None]) -> None:
    """Leave the user namespace by `unshare`, and stay who this process is. Raises OSError.

    Root keeps all users that it can become, by the hand of another process, as only one with
    root's rights outside may say so; anybody else keeps himself alone.
    """
    if not _may_map_all():
        ids = (os.geteuid(), os.getegid())
        unshare()
        _map_self(*ids)
        return
    wanted = {name: _identity(Path("/proc/self", name).read_text("ascii")) for name in _MAPS}
    wait, begin = os.pipe()
    process = os.getpid()
    mapper = os.fork()
    if not mapper:
        os.close(begin)
        _map_once_told(wait, process, wanted)
    os.close(wait)
    try:
        unshare()
        os.write(begin, b".")
    finally:
        os.close(begin)
        _, status = os.waitpid(mapper, 0)
    if status:
        number = os.waitstatus_to_exitcode(status)
        raise OSError(number, os.strerror(number), "/proc/self/uid_map")


def _map_once_told(wait: int, process: int, maps: dict[str, str]) -> None:
    """In the mapper: write the maps of the other process; the exit status is an errno."""
    status = 1
    try:
        if os.read(wait, 1):
            for name, text in maps.items():
                Path(f"/proc/{process}/{name}").write_text(text, "ascii")
        status = 0
    except OSError as error:
        status = error.errno or 1
    finally:
        os._exit(status)


def _map_self(user: int, group: int) -> None:
    # Kernels before 3.19 have no such file, and don't ask for it.
    with suppress(FileNotFoundError):
        Path("/proc/self/setgroups").write_text("deny", "ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")


def _may_map_all() -> bool:
    status = Path("/proc/self/status").read_text("ascii", errors="replace")
    line = next(one for one in status.splitlines() if one.startswith("CapEff:"))
    capabilities = int(line.split()[1], 16)
    return bool(capabilities >> _SETUID & capabilities >> _SETGID & 1)


def _identity(text: str) -> str:
    """Turn `inside outside count` into what maps all of inside to itself."""
    rows = [line.split() for line in text.splitlines()]
    return "".join(f"{inside} {inside} {count}\n" for inside, _, count in rows)

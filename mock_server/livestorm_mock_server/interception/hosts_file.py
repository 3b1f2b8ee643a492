"""The addresses that the machine has for hosts of Livestorm without asking."""

from contextlib import suppress
from pathlib import Path
from typing import Final

from ..real_hosts import is_livestorms, name_of

HOSTS_FILE: Final = Path("/etc/hosts")


class HostsFile:
    """A file that may change while it is looked at."""

    def __init__(self, path: Path = HOSTS_FILE) -> None:
        self._path = path
        self._seen: tuple[int, ...] | None = None

    def news(self) -> dict[str, str]:
        """Give the addresses with a name each, and none where it is as it was the last time."""
        with suppress(OSError):
            status = self._path.stat()
            seen = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
            if seen != self._seen:
                found = _addresses(self._path.read_text(errors="replace"))
                self._seen = seen
                return found
        return {}


def _addresses(text: str) -> dict[str, str]:
    found = {}
    for line in text.splitlines():
        address, *names = line.partition("#")[0].split() or [""]
        real = [name for one in names if is_livestorms(name := name_of(one))]
        found.update(dict.fromkeys([address], real[0]) if real else {})
    return found

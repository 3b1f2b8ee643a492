"""Files that somebody may change: looked at again and again, as no system tells of all changes.

Events are lost in containers and on network file systems, and need another library.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Final, TypeAlias

Seen: TypeAlias = Mapping[Path, tuple[int, int, int]]
"""Each file with what tells that it is another one, or has other content."""

PAUSE: Final = 0.3
"""Seconds between two looks; many files take more, so that looking takes a tenth of the time."""

MOST: Final = 20_000
"""How many files are watched at most."""

SKIPPED_FOLDERS: Final = (".*", "__pycache__", "node_modules", "venv")
"""What is in them is made by tools, and often large."""

SKIPPED_FILES: Final = ("*~", ".#*", "#*#", "*.sw?", "*.tmp", "*.log", "*.pid", "*.pyc")
"""What editors and programs write beside what is meant."""


class TooManyFiles(Exception):
    """A folder can't be watched; the text names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedFiles:
    """Folders with all that is in them, and single files, but for what `ignored` names."""

    folders: Set[Path]
    files: Set[Path] = frozenset()
    ignored: Set[Path] = frozenset()

    def look(self) -> Seen:
        """Give what is there now. Raises TooManyFiles."""
        seen = {}
        for path in self._paths():
            try:
                found = path.stat()
            except OSError:
                continue  # It is gone already, or is a link to nothing.
            seen[path] = found.st_mtime_ns, found.st_size, found.st_ino
            if len(seen) > MOST:
                told = ", ".join(sorted(map(str, self.folders)))
                raise TooManyFiles(f"there are more than {MOST} files in {told}")
        return seen

    def wait(self, before: Seen, pause: Callable[[float], None] = time.sleep) -> Seen:
        """Give what is there once something has changed, and then nothing any more.

        A burst of changes is one. Raises TooManyFiles.
        """
        last = before
        while True:
            begun = time.perf_counter()
            now = self.look()
            if now == last and now != before:
                return now
            last = now
            pause(max(PAUSE, 10 * (time.perf_counter() - begun)))

    def _paths(self) -> Iterator[Path]:
        yield from self.files - self.ignored
        for folder in self.folders:
            for name, inner, names in os.walk(folder):
                here = Path(name)
                inner[:] = [one for one in inner if self._is_watched(here / one, SKIPPED_FOLDERS)]
                yield from (
                    here / one for one in names if self._is_watched(here / one, SKIPPED_FILES)
                )

    def _is_watched(self, path: Path, skipped: tuple[str, ...]) -> bool:
        return path not in self.ignored and not any(fnmatch(path.name, one) for one in skipped)


def changed(before: Seen, after: Seen) -> Set[Path]:
    """Give the files that were made, changed or removed."""
    return {path for path, _ in before.items() ^ after.items()}

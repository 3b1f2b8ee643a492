"""Where the keys of a TOML file stand, which tomllib does not tell (TOML 1.0)."""

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .patterns import compile_late

_KEY = compile_late(r"""[ \t]*(?P<key>[A-Za-z0-9_\-]+|"(?:[^"\\]|\\.)*"|'[^']*')[ \t]*""")
_BLANK = compile_late(r"(?:[ \t\r\n]|#[^\n]*)*")
_COMMA = compile_late(r"(?:[ \t\r\n,]|#[^\n]*)*")
_SCALAR = compile_late(
    r'"""(?:[^\\]|\\.)*?"""(?!")'
    r"|'''.*?'''(?!')"
    r'|"(?:[^"\\]|\\.)*"'
    r"|'[^']*'"
    r"|[^,\]}#\n]+",
    re.DOTALL,
)

Position = tuple[int, int]

# None is a path in which nothing is wanted.
_Path = str | None


def find_positions(text: str, keys: Iterable[str]) -> Mapping[str, Position]:
    """Give line and column, from 1, of keys and list items of a TOML text that is valid.

    They are named as in messages: `faults[0].when.method`, `applications[0].redirect_uris[1]`.
    One that is not there has the position of the nearest table around it. Raises ValueError where
    the text can't be followed.
    """
    paths = {key: key.removeprefix("a key of ").removeprefix("a value of ") for key in keys}
    finder = _Finder(text, sorted(paths.values()))
    finder.read_tables()
    lines = [0, *(match.end() for match in re.finditer("\n", text))]
    return {key: _position(lines, _nearest(path, finder.starts)) for key, path in paths.items()}


def _nearest(path: str, starts: Mapping[str, int]) -> int:
    while path and path not in starts:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return starts.get(path, 0)


class _Finder:
    """Goes through a text once, from statement to statement."""

    def __init__(self, text: str, wanted: Sequence[str]) -> None:
        self.starts: dict[str, int] = {}
        """Where each path that leads to a wanted one is met first; those are sorted."""
        self._text = text
        self._wanted = wanted
        self._at = 0
        self._lengths: dict[_Path, int] = {}
        """How many tables each array of tables has so far."""

    def read_tables(self) -> None:
        table: _Path = ""
        while self._skip(_BLANK) < len(self._text):
            start = self._at
            if self._text.startswith("[", start):
                brackets = 2 if self._text.startswith("[[", start) else 1
                self._at += brackets
                table = self._table(self._keys(), start, is_item=brackets == 2)
                self._at += brackets
            else:
                self._read_pair(table)

    def _table(self, keys: Sequence[str], start: int, *, is_item: bool) -> _Path:
        path: _Path = ""
        for key in keys[:-1]:
            path = self._newest(self._note(_join(path, key), start))
        path = _join(path, keys[-1])
        if not is_item:
            return self._note(path, start)
        if self._note(path, start) is not None:
            self._lengths[path] = self._lengths.get(path, 0) + 1
        return self._note(self._newest(path), start)

    def _newest(self, path: _Path) -> _Path:
        length = self._lengths.get(path)
        return path if length is None else _item(path, length - 1)

    def _read_pair(self, table: _Path) -> None:
        start = self._at
        path = table
        for key in self._keys():
            path = self._note(_join(path, key), start)
        self._at += 1
        self._skip(_BLANK)
        self._read_value(path)

    def _read_value(self, path: _Path) -> None:
        if self._text.startswith("{", self._at):
            for _ in self._members("}"):
                self._read_pair(path)
        elif self._text.startswith("[", self._at):
            for index in self._members("]"):
                self._read_value(self._note(_item(path, index), self._at))
        else:
            self._skip(_SCALAR)

    def _members(self, end: str) -> Iterator[int]:
        self._at += 1
        index = 0
        self._skip(_COMMA)
        while not self._text.startswith(end, self._at):
            yield index
            index += 1
            self._skip(_COMMA)
        self._at += 1

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._text.startswith(".", self._at):
            self._at += 1
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        start = self._at
        self._skip(_KEY)
        key = self._text[start : self._at].strip(" \t")
        return next(iter(tomllib.loads(f"{key} = 0"))) if key[0] in "\"'" else key

    def _note(self, path: _Path, start: int) -> _Path:
        if path is None or not _begins_one(path, self._wanted):
            return None
        self.starts.setdefault(path, start)
        return path

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise ValueError(f"no TOML at character {self._at}")
        self._at = match.end()
        return self._at


def _join(path: _Path, key: str) -> _Path:
    return f"{path}.{key}" if path else None if path is None else key


def _item(path: _Path, index: int) -> _Path:
    return None if path is None else f"{path}[{index}]"


def _begins_one(path: str, wanted: Sequence[str]) -> bool:
    """Whether one of the sorted texts begins with a path: the next that is not before it."""
    index = bisect_left(wanted, path)
    return index < len(wanted) and wanted[index].startswith(path)


def _position(lines: Sequence[int], start: int) -> Position:
    """Give the line and column of a character; `lines` is where the lines start."""
    line = bisect_right(lines, start)
    return line, start - lines[line - 1] + 1

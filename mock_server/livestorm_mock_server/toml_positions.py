"""Where the keys of a TOML file stand, which tomllib does not tell (TOML 1.0)."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence

_KEY = re.compile(r"""[ \t]*(?P<key>[A-Za-z0-9_\-]+|"(?:[^"\\]|\\.)*"|'[^']*')[ \t]*""")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_COMMA = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_SCALAR = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?!")'
    r"|'''.*?'''(?!')"
    r'|"(?:[^"\\]|\\.)*"'
    r"|'[^']*'"
    r"|[^,\]}#\n]+",
    re.DOTALL,
)

Position = tuple[int, int]


def find_positions(text: str) -> Mapping[str, Position]:
    """Give line and column, from 1, of each key and list item of a TOML text that is valid.

    They are named as in messages: `faults[0].when.method`, `applications[0].redirect_uris[1]`.
    """
    finder = _Finder(text)
    finder.read_tables()
    return {path: _position(text, start) for path, start in finder.starts.items()}


def position_of(key: str, positions: Mapping[str, Position]) -> Position:
    """Give the position of a key, or of the nearest table around it."""
    path = key.removeprefix("a key of ").removeprefix("a value of ")
    while path and path not in positions:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return positions.get(path, (1, 1))


class _Finder:
    """Goes through a text once, from statement to statement."""

    def __init__(self, text: str) -> None:
        self.starts: dict[str, int] = {}
        self._text = text
        self._at = 0
        self._lengths: dict[str, int] = {}
        """How many tables each array of tables has so far."""

    def read_tables(self) -> None:
        table = ""
        while self._skip(_BLANK) < len(self._text):
            start = self._at
            if self._text.startswith("[", start):
                brackets = 2 if self._text.startswith("[[", start) else 1
                self._at += brackets
                table = self._table(self._keys(), start, is_item=brackets == 2)
                self._at += brackets
            else:
                self._read_pair(table)

    def _table(self, keys: Sequence[str], start: int, *, is_item: bool) -> str:
        path = ""
        for key in keys[:-1]:
            path = self._newest(self._note(_join(path, key), start))
        path = _join(path, keys[-1])
        if not is_item:
            return self._note(path, start)
        self._note(path, start)
        self._lengths[path] = self._lengths.get(path, 0) + 1
        return self._note(self._newest(path), start)

    def _newest(self, path: str) -> str:
        return f"{path}[{self._lengths[path] - 1}]" if path in self._lengths else path

    def _read_pair(self, table: str) -> None:
        start = self._at
        path = table
        for key in self._keys():
            path = self._note(_join(path, key), start)
        self._at += 1
        self._skip(_BLANK)
        self._read_value(path)

    def _read_value(self, path: str) -> None:
        if self._text.startswith("{", self._at):
            for _ in self._members("}"):
                self._read_pair(path)
        elif self._text.startswith("[", self._at):
            for index in self._members("]"):
                self._read_value(self._note(f"{path}[{index}]", self._at))
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
        return next(iter(tomllib.loads(f"{self._text[start : self._at]} = 0")))

    def _note(self, path: str, start: int) -> str:
        self.starts.setdefault(path, start)
        return path

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._at)
        if match is None:
            line, column = _position(self._text, self._at)
            raise ValueError(f"no TOML at line {line}, column {column}")
        self._at = match.end()
        return self._at


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _position(text: str, start: int) -> Position:
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)

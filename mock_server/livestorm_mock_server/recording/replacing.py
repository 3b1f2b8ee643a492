"""What stands in the place of secrets, names and ids: the same for the same, wherever it stands."""

import base64
import re
from collections import Counter
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Final, Literal
from urllib.parse import quote, unquote

from .words import is_plain

Sort = Literal[
    "access or refresh token",
    "client secret",
    "client id",
    "code",
    "cookie or header",
    "password",
    "e-mail address",
    "name",
    "id",
    "link",
    "redirect URI",
    "text",
    "number",
]

_FORMS: Final[Mapping[Sort, str]] = {
    "access or refresh token": "token-{n}",
    "client secret": "recorded-client-secret-{n}",
    "client id": "recorded-client-{n}",
    "code": "code-{n}",
    "cookie or header": "value-{n}",
    "password": "password-{n}",
    "e-mail address": "person-{n}@example.test",
    "name": "Name {n}",
    "id": "id-{n}",
    "link": "https://example.test/{n}",
    "redirect URI": "https://client-{n}.example.test/callback",
    "text": "Text {n}",
}
_UUID_FORM = "00000000-0000-4000-8000-{n:012d}"
_FIRST_NUMBER = 1_000_000

DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+\-]\d\d:?\d\d)?)?"
)
JWT = re.compile(r"eyJ[\w\-]+\.[\w\-]+\.[\w\-]*")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SHAPES: tuple[tuple[re.Pattern[str], Sort], ...] = (
    (re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"']+"), "e-mail address"),
    (UUID, "id"),
    (JWT, "access or refresh token"),
    (re.compile(r"[a-z][a-z0-9+.\-]*://\S+", re.IGNORECASE), "link"),
    (re.compile(r"\d{1,19}"), "id"),
)
_NEVER_NUMBERS: frozenset[Sort] = frozenset({"e-mail address", "link", "redirect URI"})
"""What must keep its form, even if digits stood there."""
_MAY_BE_NAMES: frozenset[Sort | None] = frozenset({"name", "id", "e-mail address"})
_LEAST_TELLING = 1_000
_DEPTH = 3
"""How many times a value is looked for in another encoding."""


def shape_of(text: str) -> Sort | None:
    """Tell what a text is by itself."""
    return next((sort for pattern, sort in _SHAPES if pattern.fullmatch(text)), None)


def digits_of(value: object) -> str | None:
    """Give the digits of a number that may be somebody's; None for what counts, or is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < _LEAST_TELLING:
        return None
    return str(int(value)) if isfinite(value) and value == int(value) else None


class Replacements:
    """What stands for what, made as it is met; what is known has its sort, wherever it stands."""

    def __init__(self) -> None:
        self._sorts: dict[str, Sort] = {}
        self.names: set[str] = set()
        """What the API itself names, even if somebody is called so."""
        self._made: dict[tuple[str, bool], str] = {}
        """By the value, and whether a number stands for it."""
        self._all_made: set[str] = set()
        self._numbers: Counter[str] = Counter()
        self.values: Counter[Sort] = Counter()
        """How many values of a sort were replaced."""
        self.places: Counter[Sort] = Counter()
        """In how many places of the scenario."""

    def learn(self, value: object, sort: Sort) -> None:
        """Take note of what a value is, as it was met where only such values are."""
        if isinstance(value, str) and value and value not in self._sorts:
            self._sorts[value] = sort

    def knows(self, text: str) -> bool:
        """Tell whether a text is one that was met where only secrets, names or ids are."""
        return text in self._sorts

    def hides(self, text: str) -> bool:
        """Tell whether a text is known, and is no word or name that anybody may use."""
        sort = self._sorts.get(text)
        is_word = is_plain(text) and not text.isdigit()
        is_free = is_word or (sort in _MAY_BE_NAMES and text in self.names)
        return sort is not None and not is_free

    def secrets(self) -> list[str]:
        """Give what must not be anywhere in the scenario."""
        return [
            one
            for one in self._sorts
            if not self.has_made(one) and self.hides(one) and _can_be_told(one)
        ]

    def has_made(self, text: str) -> bool:
        """Tell whether a text stands for another one."""
        return text in self._all_made

    def of(self, text: str, sort: Sort) -> str:
        """Give what stands for a text, in the encoding that it has."""
        return self._encoded(text, _DEPTH) or self._of(text, self._sorts.get(text, sort))

    def number(self, value: int) -> int:
        """Give what stands for a number."""
        sort = self._sorts.get(str(value), "number")
        return int(self._of(str(value), "number" if sort in _NEVER_NUMBERS else sort))

    def _encoded(self, text: str, depth: int) -> str | None:
        """Give what stands for a text that is another one in an encoding, None for others."""
        if text in self._sorts or not depth:
            return None
        for decode, encode in _ENCODINGS:
            inner = decode(text)
            if inner is None or inner == text:
                continue
            deeper = self._encoded(inner, depth - 1)
            sort = self._sorts.get(inner) or shape_of(inner)
            if deeper is None and sort is None:
                continue
            return encode(deeper if deeper is not None else self._of(inner, sort or "text"))
        return None

    def _of(self, text: str, sort: Sort) -> str:
        self.places[sort] += 1
        is_number = sort == "number" or (text.isdigit() and sort not in _NEVER_NUMBERS)
        key = text, is_number
        if key not in self._made:
            self._made[key] = self._make(text, sort, is_number=is_number)
            self._all_made.add(self._made[key])
            self.values[sort] += 1
        return self._made[key]

    def _make(self, text: str, sort: Sort, *, is_number: bool) -> str:
        if is_number:
            self._numbers["number"] += 1
            return str(_FIRST_NUMBER + self._numbers["number"])
        form = _UUID_FORM if sort == "id" and UUID.fullmatch(text) else _FORMS[sort]
        self._numbers[form] += 1
        return form.format(n=self._numbers[form])


_SHORTEST = 6
"""Characters of a value that can be told from a word."""
_SHORTEST_NUMBER = 7
"""Digits of a number that can be told from a count."""


def _can_be_told(text: str) -> bool:
    """Tell whether a text stands nowhere by chance, as a day may."""
    shortest = _SHORTEST_NUMBER if text.isdigit() else _SHORTEST
    return len(text) >= shortest and DATE.fullmatch(text) is None


def _unquoted(text: str) -> str | None:
    return unquote(text) if "%" in text else None


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _from_base64(text: str) -> str | None:
    if len(text) < 8:
        return None
    padded = text + "=" * (-len(text) % 4)
    try:
        decoded = base64.b64decode(padded.replace("-", "+").replace("_", "/"), validate=True)
        plain = decoded.decode()
    except ValueError:
        return None
    return plain if plain.isprintable() else None


def _to_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def encodings_of(text: str) -> list[str]:
    """Give a text in the forms in which it may stand somewhere."""
    raw = text.encode("utf-8", "replace")
    plain = base64.b64encode(raw).decode().rstrip("=")
    return [text, quote(raw, safe=""), plain, plain.replace("+", "-").replace("/", "_")]


_ENCODINGS: tuple[tuple[Callable[[str], str | None], Callable[[str], str]], ...] = (
    (_unquoted, _quoted),
    (_from_base64, _to_base64),
)

"""Answers without what they held of anybody: what is kept of a body, of headers and of paths.

What is known to be harmless stays, and nothing else.
"""

import re
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Final
from urllib.parse import unquote

from .archive import API, Recorded
from .parsed import read_json
from .replacing import DATE, Replacements, digits_of, shape_of
from .secret_places import SORTS, snake_case, sort_of
from .vocabulary import SEGMENT, is_field, is_name
from .words import is_plain, parts_of

_WORD_KEYS = frozenset(
    {
        *("type", "status", "scheduling_status", "role", "event", "kind", "phase", "locale"),
        *("language", "file_type", "mime_type", "token_type", "scope", "format", "source_type"),
    }
)
"""Members whose values are words of the API's own."""
_LOCALE = re.compile(r"[a-z]{2}(?:[_\-][A-Z]{2})?")
_PART = re.compile(r"[^_\-]+")
_NO_SEGMENT = re.compile(r"[^A-Za-z0-9_\-]+")
_ZONE = re.compile(r"(?:UTC|(?:Europe|America|Asia|Africa|Australia|Pacific|Etc)/[A-Za-z_/]{2,30})")
_NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,6})?")
_PUNCTUATION = ".,;:!?'\"()[]{}<>"
_LARGEST_PLAIN = 1_000_000
_OF_MOMENTS = re.compile(r"(?:\w+_)?(?:at|on|date|time|timestamp|since|until|exp|iat|nbf)")
"""Names of moments: under others, a number of their size may be that of a phone."""
_MOMENTS = ((94 * 10**7, 22 * 10**8), (94 * 10**10, 22 * 10**11))
"""What numbers are that stand for a moment, in seconds and in milliseconds: 1999 to 2039."""
_TYPES = re.compile(
    r"(?:application/(?:vnd\.api\+json|json|problem\+json|xml)|text/(?:html|plain|xml))"
    r"(?:; ?charset=utf-8)?",
    re.IGNORECASE,
)
_CHALLENGED = re.compile(r'(\w+)="([^"]*)"')
_LIMITS = {
    f"RateLimit-{span}-{what}".lower(): f"RateLimit-{span}-{what}"
    for span in ("Monthly", "Interval")
    for what in ("Limit", "Remaining")
}
_RETRY: Final = re.compile(r"-?\d{1,9}(?:\.\d{1,3})?")


class Cleaner:
    """Makes of what was recorded what a scenario may hold."""

    def __init__(self, replacements: Replacements) -> None:
        self.replacements = replacements

    def value(self, value: object, *, name: str = "", is_error: bool = False) -> object:
        """Give a JSON value; `name` is that of its member, and `is_error` says that it is told."""
        if isinstance(value, Mapping):
            return {
                self.key(key): one
                if key == "id" and self._is_field_id(value)
                else self.value(one, name=key, is_error=is_error or key in ("errors", "error"))
                for key, one in value.items()
            }
        if isinstance(value, list):
            return [self.value(one, name=name, is_error=is_error) for one in value]
        if isinstance(value, str):
            return self.text(value, name=name, is_error=is_error)
        return self._number(value, name)

    def text(self, text: str, *, name: str = "", is_error: bool = False) -> str:
        """Give the text of a member."""
        sort = sort_of(name)
        if not text:
            return text
        if self.replacements.hides(text):
            return self.replacements.of(text, "text")
        if is_error and (sort is None or name == "code"):
            return self.message(text)
        if sort is None:
            if name in _WORD_KEYS and self._is_word(text):
                return text
            if DATE.fullmatch(text) or _NUMBER.fullmatch(text):
                return text
            if _ZONE.fullmatch(text):
                return self._zone(text)
        return self.replacements.of(text, sort or shape_of(text) or "text")

    def message(self, text: str) -> str:
        """Give a sentence of the server: the words that say what, not whose."""
        return " ".join(map(self._word, text.split(" ")))

    def beginning(self, body: bytes) -> str:
        """Give the beginning of a body that is neither JSON nor a page."""
        return self.message(body[:200].decode("utf-8", "replace"))

    def _word(self, word: str) -> str:
        core = word.strip(_PUNCTUATION)
        if not core:
            return word
        before, _, after = word.partition(core)
        if self.replacements.hides(core):
            core = self.replacements.of(core, "text")
        elif is_plain(core):
            pass
        elif (sort := shape_of(core)) is not None:
            core = self.replacements.of(core, sort)
        else:
            core = "..."
        return f"{before}{core}{after}"

    def key(self, key: object) -> str:
        """Give the name of a member."""
        text = str(key)
        if self.is_name(text):
            return text
        return self.replacements.of(text, shape_of(text) or "text")

    def is_name(self, text: str) -> bool:
        """Tell whether a text is a name that a member, a filter or a relationship may have."""
        if not is_name(text) or self.replacements.hides(text):
            return False
        return text in self.replacements.names or text in SORTS or not self._tells(text)

    def _tells(self, text: str) -> bool:
        """Tell whether a part of a text is known."""
        parts = list(_PART.finditer(text))
        runs = (text[one.start() : last.end()] for one in parts for last in parts)
        return any(len(run) > 2 and self.replacements.hides(run) for run in runs)

    def _zone(self, zone: str) -> str:
        """Give a time zone, or another one where it is that of a city which is known."""
        is_known = any(map(self.replacements.hides, zone.replace("_", " ").split("/")))
        return "UTC" if is_known else zone

    def _is_field_id(self, value: Mapping[str, object]) -> bool:
        """Tell whether an object is a field with an id that the API, or anybody, may use."""
        name = str(value.get("id"))
        is_known = bool(sort_of(name)) or is_plain(name) or name in self.replacements.names
        return is_field(value) and is_known and self.is_name(name)

    def path(self, path: str) -> str:
        """Give a path: words stay where names stand, ids are replaced."""
        is_of_api = path.startswith(API)
        parts = path.removeprefix(API).split("/")
        cleaned = "/".join(self._segment(one, is_id=at % 2 == 1) for at, one in enumerate(parts))
        return f"{API}{cleaned}" if is_of_api else cleaned

    def _segment(self, segment: str, *, is_id: bool) -> str:
        plain = unquote(segment)
        knows = self.replacements.knows if is_id else self.replacements.hides
        is_free = plain in self.replacements.names or not self._tells(plain)
        is_word = SEGMENT.fullmatch(plain) and not knows(plain) and is_free
        if not plain or (is_word and (not is_id or is_plain(plain))):
            return plain
        return _NO_SEGMENT.sub("-", self.replacements.of(plain, "id"))

    def headers(self, one: Recorded) -> dict[str, str]:
        """Give those headers of an answer by which a client decides what to do."""
        return dict(self._headers(one))

    def _headers(self, one: Recorded) -> Iterator[tuple[str, str]]:
        for name, value in one.headers:
            if name == "retry-after" and _RETRY.fullmatch(value):
                yield "Retry-After", value
            elif name in _LIMITS and value.isascii() and value.isdigit():
                yield _LIMITS[name], value
            elif name == "www-authenticate":
                yield "WWW-Authenticate", self._challenge(value)

    def _challenge(self, value: str) -> str:
        scheme = "Basic" if value.lower().startswith("basic") else "Bearer"
        told = [
            f'{name}="{told if told == "Doorkeeper" else self.message(told)}"'
            for name, told in _CHALLENGED.findall(value)
            if name in ("realm", "error", "error_description", "scope")
        ]
        return f"{scheme} {', '.join(told)}".strip()

    def _number(self, value: object, name: str) -> object:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value
        if not isfinite(value):
            return None
        digits = digits_of(value)
        is_known = digits is not None and self.replacements.knows(digits)
        if sort_of(name) is None and not is_known and _is_plain_number(value, name):
            return value
        return self.replacements.number(int(value))

    def _is_word(self, text: str) -> bool:
        """Tell whether a text is one of the API's own words."""
        return not any(map(self.replacements.hides, parts_of(text))) and (
            is_plain(text) or _LOCALE.fullmatch(text) is not None
        )


def content_type_of(one: Recorded) -> str | None:
    """Give the type of an answer's body, if it is a usual one."""
    given = (one.header("content-type") or "").strip()
    return given if _TYPES.fullmatch(given) else None


def is_html(one: Recorded) -> bool:
    """Tell whether an answer is a page."""
    told = "html" in (one.header("content-type") or "")
    return bool(one.body) and (told or one.body.lstrip()[:1] == b"<")


def json_of(one: Recorded) -> object:
    """Give an answer's JSON, None for what is none."""
    return read_json(one.body)


def _is_plain_number(value: float, name: str) -> bool:
    is_moment = any(low <= value < high for low, high in _MOMENTS)
    is_told = _OF_MOMENTS.fullmatch(snake_case(name)) is not None
    return abs(value) < _LARGEST_PLAIN or (is_moment and is_told)

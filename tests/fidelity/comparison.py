"""Says in what an answer differs from the recorded one."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .recordings import Answer, Page
from .transcription import header_values

COUNTDOWN_TOLERANCE = 5
"""Seconds by which an `expires_in` that counts down may differ."""

_UNQUOTED = re.compile(r"(?<=:)<NOW(?:\+\d+)?>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One aspect of an answer that is not as recorded."""

    what: str
    expected: str
    actual: str

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, got {self.actual}"


def compare(
    expected: Answer, actual: Answer, compared_headers: tuple[str, ...], *, with_body: bool = True
) -> tuple[Difference, ...]:
    """Compare status, headers, JSON (values, types, key order), text and pages."""
    found = [*_compare("status", expected.status, actual.status)]
    for name in compared_headers:
        found += _compare(name, header_values(expected, name), header_values(actual, name))
    if with_body:
        found += _compare_bodies(expected, actual)
    return tuple(found)


def _compare_bodies(expected: Answer, actual: Answer) -> Iterator[Difference]:
    if expected.html is not None and actual.html is not None:
        yield from _compare_pages(expected.html, actual.html)
    elif expected.html is not None or actual.html is not None:
        yield _difference("body", expected.html or expected.body, actual.html or actual.body)
    else:
        yield from _compare_texts(expected.body or "", actual.body or "")


def _compare_pages(expected: Page, actual: Page) -> Iterator[Difference]:
    for aspect in ("title", "headings", "pre", "text", "meta"):
        yield from _compare(f"page {aspect}", getattr(expected, aspect), getattr(actual, aspect))
    yield from _compare("number of forms", len(expected.forms), len(actual.forms))
    for number, (wanted, given) in enumerate(
        zip(expected.forms, actual.forms, strict=False), start=1
    ):
        yield from _compare(f"form {number} method", wanted.method, given.method)
        yield from _compare(f"form {number} action", wanted.action, given.action)
        yield from _compare(f"form {number} fields", wanted.fields, given.fields)


def _compare_texts(expected: str, actual: str) -> Iterator[Difference]:
    wanted, given = _read_json(expected), _read_json(actual)
    if wanted is None or given is None:
        yield from _compare("body", expected, actual)
        return
    found = tuple(_compare_json("$", wanted, given))
    yield from found
    if not found and not _counts_down(wanted):
        yield from _compare("spelling of the JSON", expected, actual)


def _compare_json(path: str, expected: object, actual: object) -> Iterator[Difference]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        yield from _compare(f"keys of {path}", tuple(expected), tuple(actual))
        for key in expected.keys() & actual.keys():
            if not (key == "expires_in" and _has_counted_down(expected, actual)):
                yield from _compare_json(f"{path}.{key}", expected[key], actual[key])
    elif isinstance(expected, list) and isinstance(actual, list):
        yield from _compare(f"length of {path}", len(expected), len(actual))
        for index, (wanted, given) in enumerate(zip(expected, actual, strict=False)):
            yield from _compare_json(f"{path}[{index}]", wanted, given)
    elif type(expected) is not type(actual) or expected != actual:
        yield _difference(path, expected, actual)


def _counts_down(value: object) -> bool:
    """Say whether `expires_in` is what is left: in token/info, or if it is no whole lifetime."""
    if not isinstance(value, dict) or type(value.get("expires_in")) is not int:
        return False
    left: int = value["expires_in"]
    return "resource_owner_id" in value or (left > 60 and left % 60 != 0)


def _has_counted_down(expected: dict[str, object], actual: dict[str, object]) -> bool:
    wanted, given = expected["expires_in"], actual["expires_in"]
    return (
        _counts_down(expected)
        and type(wanted) is int
        and type(given) is int
        and abs(wanted - given) <= COUNTDOWN_TOLERANCE
    )


def _read_json(text: str) -> object:
    try:
        return json.loads(_UNQUOTED.sub(lambda found: json.dumps(found[0]), text))
    except ValueError:
        return None


def _compare(what: str, expected: object, actual: object) -> Iterator[Difference]:
    if expected != actual:
        yield _difference(what, expected, actual)


def _difference(what: str, expected: object, actual: object) -> Difference:
    return Difference(what=what, expected=_show(expected), actual=_show(actual))


def _show(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 1000 else f"{text[:1000]}... ({len(text)} characters)"

"""What the API itself names in a recording: types, attributes, relationships, filters, fields."""

import re
from collections.abc import Iterator, Mapping
from typing import TypeGuard

from .archive import Recorded, parameters_of
from .parsed import read_json

SEGMENT = re.compile(r"[a-z]{1,24}(?:[_\-][a-z]{1,24}){0,3}")
"""The form of a word in a path."""
_NAME = re.compile(r"[A-Za-z]{1,24}(?:[_\-][A-Za-z]{1,24}){0,5}")


def is_name(text: str) -> bool:
    """Tell whether a text has the form of a name."""
    return _NAME.fullmatch(text) is not None


def names_in(one: Recorded) -> Iterator[str]:
    """Give the names that an exchange has where only such stand."""
    filters = dict(parameters_of(one.request)).get("filter")
    if isinstance(filters, Mapping):
        yield from filter(is_name, map(str, filters))
    for body in (one.request.body, one.body):
        yield from filter(is_name, _in_json(read_json(body)))


def is_field(value: object) -> TypeGuard[Mapping[str, object]]:
    """Tell whether an object is a registration field: an id that is a name, and its value."""
    return isinstance(value, Mapping) and isinstance(value.get("id"), str) and "value" in value


def _in_json(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _in_json(one)
    if not isinstance(value, Mapping):
        return
    if isinstance(value.get("type"), str) and not is_field(value):
        yield value["type"]
        for members in (value.get("attributes"), value.get("relationships")):
            if isinstance(members, Mapping):
                yield from members
    if isinstance(fields := value.get("fields"), list):
        yield from (str(one["id"]) for one in fields if is_field(one))
    for one in value.values():
        yield from _in_json(one)

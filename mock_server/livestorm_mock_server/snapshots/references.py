"""What a document says of something that stands elsewhere in it."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

import msgspec

from ..reading import InvalidInputError, expected_one_of
from .document import SavedApplication, SavedToken

T = TypeVar("T")


def referred(key: str, name: str, known: Mapping[str, T]) -> T:
    """Give what a name stands for. Raises InvalidInputError for one that nothing has."""
    if name not in known:
        raise InvalidInputError(key, name, expected_one_of(name, known))
    return known[name]


def check_unique(where: str, name: str, entries: Sequence[msgspec.Struct]) -> None:
    """Check that no two entries have the same value. Raises InvalidInputError."""
    seen: dict[object, int] = {}
    for index, entry in enumerate(entries):
        value = getattr(entry, name)
        before = seen.setdefault(value, index)
        if before != index:
            expected = f"a value of its own: {where}[{before}] has this"
            raise InvalidInputError(f"{where}[{index}].{name}", value, expected)


def check_ascending(where: str, entries: Sequence[SavedApplication | SavedToken]) -> None:
    """Check that the ids of entries go up. Raises InvalidInputError."""
    for index, (one, other) in enumerate(pairwise(entries), start=1):
        if one.id >= other.id:
            expected = f"more than {one.id}, that of the one before"
            raise InvalidInputError(f"{where}[{index}].id", other.id, expected)


def made(kind: Callable[..., T], saved: msgspec.Struct, *without: str, **others: object) -> T:
    """Make what has the members of a struct but for some, and others beside or in their place."""
    names = [name for name in saved.__struct_fields__ if name not in without]
    return kind(**{name: getattr(saved, name) for name in names} | others)

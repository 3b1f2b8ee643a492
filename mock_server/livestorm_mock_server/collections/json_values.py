"""What is given for items, read as JSON has it: plain, of its own, and not too deep."""

import json
from collections.abc import Mapping

from ..reading import InvalidInputError
from .item import Linkage

DEEPEST = 100
"""Lists and tables in one another, as many as a document that is sent may have."""


def copy_of(key: str, value: Mapping[str, object]) -> dict[str, object]:
    """Give a copy as JSON has it; `key` is where it stands.

    Raises InvalidInputError for what JSON can't hold, for text that is no Unicode, and for what is
    nested too deeply.
    """
    try:
        text = json.dumps(dict(value), allow_nan=False, ensure_ascii=False)
        text.encode()
        copied: dict[str, object] = json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        told = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise InvalidInputError(key, value, f"what JSON can hold ({told})") from None
    if _is_deep(copied):
        raise InvalidInputError(key, value, f"what is nested no deeper than {DEEPEST}")
    return copied


def read_linkage(key: str, value: object) -> Linkage:
    """Read what a relationship leads to. Raises InvalidInputError."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise InvalidInputError(key, value, "an id, or a list of ids")


def _is_deep(value: object) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return False
    return any(isinstance(one, dict | list) for one in level)


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []

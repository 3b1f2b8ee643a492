"""JSON in which each text comes back as it was, also one with bytes that are not UTF-8."""

import json
from typing import TypeVar

import msgspec

T = TypeVar("T")


def write_exact(value: object, *, indent: int | None = None) -> bytes:
    """Give a value of msgspec's as JSON in ASCII."""
    return json.dumps(msgspec.to_builtins(value), indent=indent).encode()


def read_exact(text: bytes | str, type_: type[T]) -> T:
    """Read it again. Raises ValueError, of which msgspec's errors are a kind, or RecursionError."""
    return msgspec.convert(json.loads(text), type_)


def is_utf8(text: str) -> bool:
    """Tell whether a text can be encoded; a command line may have bytes that are no text."""
    return all(not "\ud800" <= one <= "\udfff" for one in text)

"""A document as bytes, the same for the same content, and back (RFC 8259)."""

import json
from collections import Counter
from collections.abc import Sequence
from math import isfinite

from ..reading import InvalidInputError

_THE_STATE = "the state"


def encode(document: object) -> bytes:
    """Give a document as bytes: members in their order, all of it ASCII."""
    return _encoder.encode(document).encode()


def decode(raw: bytes) -> object:
    """Give the content of bytes.

    Raises InvalidInputError with the place where they are no JSON, or would be read in several
    ways.
    """
    try:
        return json.loads(
            raw.decode(),
            object_pairs_hook=_members,
            parse_constant=_refuse_constant,
            parse_float=_read_float,
        )
    except UnicodeDecodeError as error:
        place = f"JSON in UTF-8, which it is not at byte {error.start}"
        raise InvalidInputError(_THE_STATE, f"{len(raw)} bytes", place) from None
    except json.JSONDecodeError as error:
        place = f"JSON, which it is not at line {error.lineno} column {error.colno}: {error.msg}"
        raise InvalidInputError(_THE_STATE, f"{len(raw)} bytes", place) from None
    except InvalidInputError:
        raise
    except ValueError as error:  # A number with thousands of digits.
        raise InvalidInputError(_THE_STATE, "a number", f"one that can be read ({error})") from None
    except RecursionError:
        raise too_deep() from None


def too_deep() -> InvalidInputError:
    """Give the error of what is nested too deeply to be read."""
    return InvalidInputError(_THE_STATE, "lists or objects in one another", "fewer of them")


def _members(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        counted = Counter(name for name, _ in pairs)
        twice = next(name for name, number in counted.items() if number > 1)
        raise InvalidInputError("the name of a member", twice, "one that its object has once")
    return members


def _refuse_constant(text: str) -> object:
    raise InvalidInputError("a number", text, "one that JSON has")


def _read_float(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise InvalidInputError("a number", text, "one that is not too large")
    return value


# Lone surrogates, which seeds and faults may have, are escaped like all that is no ASCII.
_encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)

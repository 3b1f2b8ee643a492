"""What a reply holds of the client: a value of a wrong type there is the client's failure.

All else in a reply is the adapter's own, and has to fit the protocol.
"""

import json
import math
from collections.abc import Mapping
from typing import Final

import msgspec

Message = Mapping[str, object]

NUMBER, WHOLE, TEXT = "a number", "a whole number", "a text"
TRUTH, IDS = "true or false", "a list of texts or whole numbers"

_TYPES: Final[Mapping[str, object]] = {
    NUMBER: float | None,
    WHOLE: int | None,
    TEXT: str | None,
    TRUTH: bool,
    IDS: tuple[str | int, ...],
}

_ERROR: Final = {"code": TEXT, "http_status": WHOLE}
_CALL: Final = {"http_status": WHOLE, "not_before_s": NUMBER}

CLIENT_VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "": _CALL | {"authorize_url": TEXT, "needs_reauth": TRUTH, "ids": IDS, "pages": WHOLE},
    "error": _ERROR,
    "token": {"access_token": TEXT, "refresh_token": TEXT, "expires_at": NUMBER, "scope": TEXT},
    "results": _CALL,
    "results.error": _ERROR,
}
"""The members of a reply that are the client's, by where they stand, with what they have to be."""

_LONGEST: Final = 80
"""Characters of a value that are shown."""


def without_misfits(message: Message, place: str = "") -> tuple[dict[str, object], list[str]]:
    """Give a reply without what the client has in a wrong type, and tell each of these."""
    kept: dict[str, object] = {}
    told: list[str] = []
    for name, value in message.items():
        where = f"{place}.{name}" if place else name
        expected = CLIENT_VALUES[place].get(name)
        if expected is not None and not _is(value, expected):
            told.append(f"{where} is {_shown(value)}, expected {expected}")
            continue
        kept[name], inner = _inside(value, where)
        told += inner
    return kept, told


def _inside(value: object, where: str) -> tuple[object, list[str]]:
    """Look into what is an object, or a list of objects."""
    if where not in CLIENT_VALUES:
        return value, []
    if isinstance(value, dict):
        return without_misfits(value, where)
    if isinstance(value, list):
        looked = [_inside(one, where) for one in value]
        return [one for one, _ in looked], [told for _, inner in looked for told in inner]
    return value, []


def _is(value: object, expected: str) -> bool:
    if isinstance(value, float) and not math.isfinite(value):
        return False
    try:
        msgspec.convert(value, _TYPES[expected])
    except (msgspec.ValidationError, OverflowError):
        return False
    return True


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=repr)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."

"""How exactly a client has to keep the pause that a `Retry-After` asks for."""

import re
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Final

from ..fake.journal import Exchange

TOLERANCE: Final = 0.05
"""By how many seconds a request may come too early: clocks and timers are coarse."""

ON_ITS_WAY: Final = 1.0
"""Of calls at once, what comes so many seconds after an answer was sent before it was read."""


def read_seconds(exchange: Exchange) -> float | None:
    """Give the seconds of a plain `Retry-After` on a 429 or 503."""
    value = exchange.headers.get("retry-after", "")
    plain = value.isdecimal() and value.isascii() and len(value) < 12
    return float(value) if plain and exchange.status in (429, 503) else None


def excuse(exchange: Exchange) -> float:
    """Give the moment until which some client may wait, whatever the answer's status is.

    It is in Unix seconds, 0 where there is none.
    """
    value = exchange.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value, re.ASCII):
        return exchange.ended_at + float(value)
    with suppress(ValueError, TypeError, OverflowError):
        return parsedate_to_datetime(value).timestamp()
    return 0.0

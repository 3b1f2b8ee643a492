"""What is played, where much is alike, and a run of all tests has no room for all.

Which cases a client plays goes by the client's number, so that each is played by every third client
or so, and two runs play the same. `make test ALL=1` plays them all.
"""

import os
from collections.abc import Sequence
from typing import TypeVar

ALL = bool(os.environ.get("ALL"))

AnyT = TypeVar("AnyT")


def some_of(things: Sequence[AnyT], number: int, *, of: int = 3) -> Sequence[AnyT]:
    """Give every third, or one of so many, others for each number in a row."""
    return things if ALL else things[number % of :: of]

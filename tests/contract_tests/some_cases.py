"""Which cases a client plays, where several are alike, and a run of all tests has no room for all.

Which ones goes by the client's number, so that each case is played by every third client or so,
and two runs play the same. `make test ALL=1` plays them all.
"""

import os
from collections.abc import Sequence

ALL = bool(os.environ.get("ALL"))


def some_of(cases: Sequence[str], number: int, *, of: int = 3) -> Sequence[str]:
    """Give every third case, or one of so many, others for each number in a row."""
    return cases if ALL else cases[number % of :: of]

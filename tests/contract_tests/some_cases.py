"""Which cases a client plays, where several are alike, and a run of all tests has no room for all.

Which ones goes by the client's number, so that each case is played by every third client, and two
runs play the same. `make test ALL=1` plays them all.
"""

import os
from collections.abc import Sequence

_OF = 1 if os.environ.get("ALL") else 3


def some_of(cases: Sequence[str], number: int) -> Sequence[str]:
    """Give every third case, others for each number in a row."""
    return cases[number % _OF :: _OF]

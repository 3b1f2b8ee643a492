"""Looking for a script under which an invariant breaks, by Hypothesis."""

import hashlib
from collections.abc import Callable, Mapping, Sequence

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis.errors import Flaky
from hypothesis.strategies import SearchStrategy

from . import draw
from .script import Script

SCRIPTS: Mapping[str, SearchStrategy[Script]] = {
    "P01": draw.exchanges(),
    "P02": draw.refreshes(),
    "P03": draw.calls(),
    "P04": draw.sequences(),
}
"""What is drawn for each property."""


class UnsteadyError(Exception):
    """The same script did not end in the same way each time; `end` is the first of its ends."""

    def __init__(self, end: Exception) -> None:
        super().__init__(str(end))
        self.end = end


def search(name: str, holds: Callable[[Script], None], *, examples: int, seed: str) -> None:
    """Draw so many scripts of a property.

    Raises what `holds` raises of the shortest one, or UnsteadyError.
    """
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")

    # Hypothesis has a database for what once did not hold, but not beside a seed.
    @hypothesis.seed(number)
    @hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(script=SCRIPTS[name])
    def run(script: Script) -> None:
        holds(script)

    try:
        run()
    except Flaky as error:
        ends: Sequence[Exception] = getattr(error, "exceptions", (error,))
        raise UnsteadyError(ends[0]) from error

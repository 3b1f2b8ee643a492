"""G03: an answer that drips is given up, however lively the connection is."""

from functools import partial

from ..fake.control import Fault
from ..steps.operations import Operation
from ..steps.slow_answers import CHECKS, play_slow_answer
from ..suite.case import Case, Variant
from ..suite.verdicts import Level

DRIP: Fault = {"fault": "drip", "seconds": 0.5}

CASE = Case(
    id="G03",
    name="transport/drip",
    level=Level.ROBUST,
    severity=2,
    requirement="the time-out holds for the whole operation, not only for each read",
    source="the catalogue's own",
    injects="one byte of the answer every half second",
    observes="real time, reported kind, stored token",
    checks=CHECKS,
    needs=("seed",),
    variants=tuple(
        Variant(
            name=one,
            play=partial(play_slow_answer, operation=one, fault=DRIP),
        )
        for one in Operation
    ),
    is_slow=True,
)

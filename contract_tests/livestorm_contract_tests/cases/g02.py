"""G02: a server that takes the request and never answers, or not to the end, is given up."""

from functools import partial

from ..steps.operations import Operation
from ..steps.slow_answers import CHECKS, play_slow_answer
from ..suite.case import Case, Variant
from ..suite.verdicts import Level

CASE = Case(
    id="G02",
    name="transport/hang",
    level=Level.ROBUST,
    severity=2,
    requirement="each operation has a finite time-out by default",
    source="lelylan/simple-oauth2#220; googleapis/google-auth-library-python#170",
    injects="no answer for ten minutes, or its head and no body",
    observes="real time, reported kind, stored token",
    checks=CHECKS,
    needs=("seed",),
    variants=tuple(
        Variant(
            name=f"{one}{name}",
            play=partial(play_slow_answer, operation=one, fault={"fault": "hang", "head": head}),
        )
        for one in Operation
        for name, head in (("", False), (", head", True))
    ),
    is_slow=True,
)

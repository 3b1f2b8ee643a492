"""A01: each flow has a `state` of its own that nobody can guess."""

from ..steps.callbacks import SHORT_ENOUGH, check_length
from ..suite.case import Case
from ..suite.stage import Stage
from ..suite.verdicts import Level

FLOWS = 20


def play(stage: Stage) -> None:
    """Begin many flows, open each in the browser, and have the fake judge what it saw."""
    for _ in range(FLOWS):
        url = stage.client.begin()
        check_length(stage, url)
        stage.client.browse(url)
    found = {finding["rule"]: finding["message"] for finding in stage.fake.audit()}
    for check, rule in RULES.items():
        stage.check(check, rule not in found, told=found.get(rule))


RULES = {"present": "missing_state", "unique": "reused_state", "unguessable": "guessable_state"}

CASE = Case(
    id="A01",
    name="authorization/state",
    level=Level.MUST,
    severity=1,
    requirement="each authorization request has a state of its own that can't be guessed",
    source="RFC 6749, sections 10.10 and 10.12; RFC 9700, section 2.1; RFC 9110, section 4.1",
    injects=f"nothing; {FLOWS} flows are begun",
    observes="the journal of the authorization endpoint",
    checks={
        "present": "each authorization request has a state",
        "unique": "no state is used for two flows",
        "unguessable": "a state can hold 128 random bits, and shows no pattern",
        "short-enough": SHORT_ENOUGH,
    },
    # Servers are recommended to take so much, and some take more.
    levels={"short-enough": Level.SHOULD},
    needs=("begin",),
    provider={"consent": "approve"},
    play=play,
)

"""A01: each flow has a `state` of its own that nobody can guess."""

from ..suite.case import Case
from ..suite.stage import Stage
from ..suite.verdicts import Level

FLOWS = 20


def play(stage: Stage) -> None:
    """Begin many flows, open each in the browser, and have the fake judge what it saw."""
    for _ in range(FLOWS):
        stage.client.browse(stage.client.begin())
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
    source="RFC 6749, sections 10.10 and 10.12; RFC 9700, section 2.1",
    injects=f"nothing; {FLOWS} flows are begun",
    observes="the journal of the authorization endpoint",
    checks={
        "present": "each authorization request has a state",
        "unique": "no state is used for two flows",
        "unguessable": "a state can hold 128 random bits, and shows no pattern",
    },
    needs=("begin",),
    provider={"consent": "approve"},
    play=play,
)

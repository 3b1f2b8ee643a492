"""C05: after a failure of the exchange the code is not sent again, and a new flow works."""

from ..driving.kinds import Kind
from ..steps.exchanges import CODE_ONCE, TRANSPORT, check_code_once
from ..steps.pauses import after_pause, told_pause
from ..steps.slow_answers import DEADLINE_MS
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Connect while the exchange fails, then anew."""
    stage.fake.arm_keys({"on": "token.authorization_code", **stage.given})
    outcome = stage.client.connect(deadline_ms=DEADLINE_MS)
    stage.fake.disarm()
    answered = stage.variant.isdecimal()
    stage.check_kind("kind", outcome, *((Kind.RETRY_LATER,) if answered else TRANSPORT))
    check_code_once(stage, outcome)
    connected = after_pause(stage, told_pause(outcome), stage.client.connect)
    stage.check_kind("new-flow", connected, Kind.OK)


CASE = Case(
    id="C05",
    name="exchange/fails",
    level=Level.MUST,
    severity=1,
    requirement="a code is sent once, whatever became of the answer; a new flow works",
    source="RFC 6749, section 4.1.2",
    injects="500, 503, a reset before and after the effect, silence, which ends or not",
    observes="journal, reported kind",
    checks={
        "kind": "a failure that passes is reported as one",
        "code-once": CODE_ONCE,
        "new-flow": "a new authorization succeeds once the fault is lifted",
    },
    needs=("begin", "callback"),
    variants=(
        Variant(name="500", given={"fault": "html_page", "status": 500}),
        Variant(name="503", given={"fault": "html_page", "status": 503}),
        Variant(name="reset", given={"fault": "reset"}),
        Variant(name="answer-lost", given={"fault": "reset", "phase": "after"}),
        Variant(name="silence", given={"fault": "hang", "seconds": 0.3, "phase": "after"}),
        Variant(name="timeout", given={"fault": "hang", "phase": "after"}),
    ),
    play=play,
)

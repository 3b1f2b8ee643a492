"""C05: after a failure of the exchange the code is not sent again, and a new flow works."""

from ..driving.kinds import Kind
from ..steps.exchanges import CODE_ONCE, TRANSPORT, check_code_once
from ..steps.slow_answers import DEADLINE_MS
from ..steps.using import wait_out
from ..suite.case import Case, Level, Variant
from ..suite.stage import Stage


def play(stage: Stage) -> None:
    """Connect while the exchange fails, then anew."""
    stage.sandbox.arm({"on": "token.authorization_code", **stage.variant.given})
    outcome = stage.connect(deadline_ms=DEADLINE_MS)
    stage.disarm()
    answered = stage.variant.name.isdecimal()
    stage.check_kind("kind", outcome, *((Kind.RETRY_LATER,) if answered else TRANSPORT))
    check_code_once(stage, outcome)
    wait_out(outcome)
    stage.check_kind("new-flow", stage.connect(), Kind.OK)


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

"""C05: after a failure of the exchange the code is not sent again, and a new flow works."""

from collections.abc import Mapping, Sequence
from functools import partial

from ..driving.kinds import Kind
from ..fake.control import Fault
from ..steps.exchanges import CODE_ONCE, TRANSPORT, check_code_once
from ..steps.pauses import recovered
from ..steps.recovering import go_on_after_several
from ..steps.slow_answers import DEADLINE_MS
from ..steps.stored import STORE_UNCHANGED, check_unchanged, connected_before
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, fault: Fault, kinds: Sequence[Kind] = TRANSPORT) -> None:
    """Connect again while the exchange fails, then anew."""
    before = connected_before(stage)
    stage.fake.arm_keys({"on": "token.authorization_code", **fault})
    outcome = stage.client.connect(deadline_ms=DEADLINE_MS * stage.patience)
    stage.check_kind("kind", outcome, *kinds)
    check_code_once(stage, outcome)
    check_unchanged(stage, before, outcome)
    connected = recovered(stage, outcome, stage.client.connect)
    stage.check_kind("new-flow", connected, Kind.OK)
    if fault["fault"] != "hang":
        go_on_after_several(
            stage,
            {"on": "token.authorization_code", **fault},
            stage.client.connect,
            once="new-flow",
            several="new-flow-after-several",
        )


LOST: Mapping[str, Fault] = {
    "reset": {"fault": "reset"},
    "answer-lost": {"fault": "reset", "phase": "after"},
    "silence": {"fault": "hang", "seconds": 0.3, "phase": "after"},
    "timeout": {"fault": "hang", "phase": "after"},
}

CASE = Case(
    id="C05",
    name="exchange/fails",
    level=Level.MUST,
    severity=1,
    requirement="a code is sent once, whatever became of the answer; a new flow works",
    source="RFC 6749, section 4.1.2",
    injects="5xx, a reset before and after the effect, silence, which ends or not",
    observes="journal, reported kind, stored token",
    checks={
        "kind": "a failure that passes is reported as one",
        "code-once": CODE_ONCE,
        "store-unchanged": STORE_UNCHANGED,
        "new-flow": "a new authorization succeeds once the fault is lifted",
        "new-flow-after-several": "so it does when several have failed in a row",
    },
    needs=("begin", "callback"),
    variants=(
        *(
            Variant(
                name=str(status),
                play=partial(
                    play, fault={"fault": "html_page", "status": status}, kinds=[Kind.RETRY_LATER]
                ),
            )
            for status in (500, 502, 503, 504, 520)
        ),
        *(Variant(name=name, play=partial(play, fault=fault)) for name, fault in LOST.items()),
    ),
)

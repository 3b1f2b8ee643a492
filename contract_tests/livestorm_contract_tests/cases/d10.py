"""D10: the provider rotates the tokens, and the answer is lost."""

from collections.abc import Sequence
from functools import partial

from ..driving.kinds import Kind, may_be
from ..steps.exchanges import TRANSPORT
from ..steps.recovering import RECOVERS, REQUIREMENT, refresh_after_several
from ..steps.using import use, use_recovered
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

MOST_POSTS = 2
ENDS = {
    "on_use": (Kind.OK,),
    "instant": (Kind.OK, Kind.REAUTH_REQUIRED),
    "family": (Kind.OK, Kind.REAUTH_REQUIRED),
}
"""How it ends, once answers come: the old pair lives until the new one is used, or it is dead."""


def play(stage: Stage, *, fault: str, times: int | None, ends: Sequence[Kind]) -> None:
    """Refresh, lose the answer, and go on."""
    stage.client.seed(expired=True)
    stage.fake.arm("token.refresh_token", fault, phase="after", times=times)
    lost = use(stage)
    stage.check_kind("kind", lost, *TRANSPORT, *ends)
    stage.check("one-retry", len(lost.token_requests) <= MOST_POSTS, lost)
    end = use_recovered(stage, lost) if may_be(lost.kind, *TRANSPORT) else lost
    stage.check_kind("ends", end, *ends)
    stage.check("no-loop-later", len(end.token_requests) <= MOST_POSTS, end)


def lose_several(stage: Stage, *, fault: str) -> None:
    """Lose one answer after the other, while the old pair goes on working."""
    refresh_after_several(stage, {"fault": fault, "phase": "after"}, once="ends")


CASE = Case(
    id="D10",
    name="refresh/answer-lost",
    level=Level.ROBUST,
    severity=1,
    requirement="a refresh whose answer was lost is tried once more at most, and comes to an end",
    source="RFC 9110, section 9.2.2; doorkeeper-gem/doorkeeper#486, #687",
    injects="a connection that dies after the tokens were rotated",
    observes="journal, reported kind",
    checks={
        "kind": "a lost answer is reported as one, or as what the second try brought",
        "one-retry": "the refresh is tried once more at most",
        "ends": "it ends in success where the old pair still works, else in connecting anew",
        "no-loop-later": "the next use sends two requests to the token endpoint at most",
        RECOVERS: REQUIREMENT,
    },
    needs=("seed", "refresh=auto|explicit"),
    variants=(
        *(
            Variant(
                name=f"{rotation}-{fault}{'-once' if times else ''}",
                play=partial(play, fault=fault, times=times, ends=ends),
                provider={"rotation": rotation},
            )
            for rotation, ends in ENDS.items()
            for fault, times in (("reset", 1), ("reset", None), ("close", 1))
        ),
        *(
            Variant(
                name=f"on_use-{fault}-often",
                play=partial(lose_several, fault=fault),
                provider={"rotation": "on_use"},
            )
            for fault in ("reset", "close")
        ),
    ),
)

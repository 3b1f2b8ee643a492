"""B05: a user who refuses has refused: no token request follows."""

from functools import partial

from ..driving.kinds import Kind
from ..steps import callbacks, stored
from ..steps.callbacks import check_untouched
from ..steps.stored import connected_before, stored_now
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, is_connected: bool) -> None:
    """Have the user deny, one who is connected already or is not."""
    before = connected_before(stage) if is_connected else stored_now(stage)
    outcome = stage.client.callback(stage.client.obtain_callback(decision="deny"))
    stage.check_kind("kind", outcome, Kind.DENIED)
    check_untouched(stage, outcome, before)


CASE = Case(
    id="B05",
    name="callback/denied",
    level=Level.MUST,
    severity=1,
    requirement="a denial is reported as one, and no token request of any grant follows",
    source="RFC 6749, section 4.1.2.1",
    injects="error=access_denied with the flow's state",
    observes="reported kind, journal, stored token",
    checks={
        "kind": "access_denied is reported as the user's refusal",
        "no-token-request": callbacks.NO_TOKEN_REQUEST,
        "store-unchanged": stored.STORE_UNCHANGED,
    },
    needs=("begin", "callback"),
    variants=(
        Variant(name="first-time", play=partial(play, is_connected=False)),
        Variant(name="connected-before", play=partial(play, is_connected=True)),
    ),
)

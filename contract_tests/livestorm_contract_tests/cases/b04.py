"""B04: a callback counts only in the browser in which its flow was begun."""

from functools import partial

from ..steps import callbacks, stored
from ..steps.callbacks import check_untouched
from ..steps.stored import connected_before
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

ATTACKER, VICTIM = "u1", "u2"


def play(stage: Stage, *, both_begun: bool) -> None:
    """Deliver the callback of one user's flow to another user."""
    before = connected_before(stage, VICTIM)
    if both_begun:
        stage.client.begin(VICTIM)
    url = stage.client.obtain_callback(ATTACKER)
    outcome = stage.client.callback(url, VICTIM)
    stage.check_kind("kind", outcome, *callbacks.REFUSALS)
    check_untouched(stage, outcome, before, VICTIM)


CASE = Case(
    id="B04",
    name="callback/other-browser",
    level=Level.MUST,
    severity=1,
    requirement="a callback is refused in another browser than the one that began the flow",
    source="RFC 6749, section 10.12; RFC 9700, section 2.1",
    injects="the callback of one user's flow, delivered to another user",
    observes="reported kind, journal, stored token of the other user",
    checks={
        "kind": callbacks.REFUSED,
        "no-token-request": callbacks.NO_TOKEN_REQUEST,
        "store-unchanged": stored.STORE_UNCHANGED,
    },
    needs=("begin", "callback"),
    variants=(
        Variant(name="both-begun", play=partial(play, both_begun=True)),
        Variant(name="one-begun", play=partial(play, both_begun=False)),
    ),
)

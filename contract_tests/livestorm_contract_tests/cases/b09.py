"""B09: a callback that repeats its code or state is refused, whichever of the two is right."""

from functools import partial

from ..steps import callbacks, stored
from ..steps.callbacks import check_untouched, extended, read_parameter
from ..steps.stored import connected_before
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.tokens import token
from ..suite.verdicts import Level


def play(stage: Stage, *, name: str, which: str) -> None:
    """Deliver a callback with a second code or state."""
    before = connected_before(stage)
    url = stage.client.obtain_callback()
    right = read_parameter(url, name) or ""
    more = (name, right if which == "same" else token(stage.random))
    outcome = stage.client.callback(extended(url, more, first=which == "other-first"))
    stage.check_kind("kind", outcome, *callbacks.REFUSALS)
    check_untouched(stage, outcome, before)


CASE = Case(
    id="B09",
    name="callback/repeated-parameter",
    level=Level.SHOULD,
    severity=2,
    requirement="a callback with two codes or two states is refused",
    source="RFC 6749, section 3.1",
    injects="a second code or state: another one before or behind the right one, or the same",
    observes="reported kind, journal, stored token",
    checks={
        "kind": "a callback that repeats a parameter is refused as such",
        "no-token-request": "nothing of it goes to the token endpoint",
        "store-unchanged": stored.STORE_UNCHANGED,
    },
    needs=("begin", "callback"),
    variants=tuple(
        Variant(name=f"{name}-{which}", play=partial(play, name=name, which=which))
        for name in ("code", "state")
        for which in ("other-first", "other-last", "same")
    ),
)

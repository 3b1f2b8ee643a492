"""B08: an error beside a code is an error."""

from functools import partial

from ..driving.kinds import Kind
from ..steps import callbacks, stored
from ..steps.callbacks import check_untouched, extended
from ..steps.stored import connected_before
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, error: str, first: bool) -> None:
    """Deliver a valid code with an error before or behind it."""
    before = connected_before(stage)
    url = stage.client.obtain_callback()
    outcome = stage.client.callback(extended(url, ("error", error), first=first))
    stage.check_kind("kind", outcome, *callbacks.REFUSALS, MEANING[error])
    check_untouched(stage, outcome, before)


MEANING = {"access_denied": Kind.DENIED, "server_error": Kind.RETRY_LATER}

CASE = Case(
    id="B08",
    name="callback/error-beside-code",
    level=Level.ROBUST,
    severity=2,
    requirement="a callback with code and error is a failure: the error wins",
    source="RFC 6749, sections 4.1.2 and 4.1.2.1, which know either",
    injects="a valid code with an error before or behind it",
    observes="reported kind, journal, stored token",
    checks={
        "kind": "the callback is reported as the error, or as none that makes sense",
        "no-token-request": callbacks.NO_TOKEN_REQUEST,
        "store-unchanged": stored.STORE_UNCHANGED,
    },
    needs=("begin", "callback"),
    variants=tuple(
        Variant(name=f"{error}-{place}", play=partial(play, error=error, first=first))
        for error in MEANING
        for place, first in (("first", True), ("last", False))
    ),
)

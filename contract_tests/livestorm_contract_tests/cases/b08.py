"""B08: an error beside a code is an error, and so is a callback with neither."""

from collections.abc import Mapping
from functools import partial

from ..driving.kinds import Kind
from ..steps import callbacks, stored
from ..steps.callbacks import altered, check_untouched, extended
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


def leave_out(stage: Stage, *, changes: Mapping[str, str | None]) -> None:
    """Deliver the state of the flow, and nothing that it could be about."""
    before = connected_before(stage)
    url = stage.client.obtain_callback()
    outcome = stage.client.callback(altered(url, **changes))
    stage.check_kind("kind", outcome, *callbacks.REFUSALS, Kind.CONFIG_ERROR)
    check_untouched(stage, outcome, before)


NEITHER: Mapping[str, Mapping[str, str | None]] = {
    "neither": {"code": None},
    "empty-code": {"code": ""},
    "empty-error": {"code": None, "error": ""},
}
MEANING = {"access_denied": Kind.DENIED, "server_error": Kind.RETRY_LATER}

CASE = Case(
    id="B08",
    name="callback/error-beside-code",
    level=Level.ROBUST,
    severity=2,
    requirement="a callback with code and error is a failure: the error wins; with neither, too",
    source="RFC 6749, sections 4.1.2 and 4.1.2.1, which know either",
    injects="a valid code with an error before or behind it; neither of the two, or an empty one",
    observes="reported kind, journal, stored token",
    checks={
        "kind": "the callback is reported as the error, or as none that makes sense",
        "no-token-request": callbacks.NO_TOKEN_REQUEST,
        "store-unchanged": stored.STORE_UNCHANGED,
    },
    needs=("begin", "callback"),
    variants=(
        *(
            Variant(name=f"{error}-{place}", play=partial(play, error=error, first=first))
            for error in MEANING
            for place, first in (("first", True), ("last", False))
        ),
        *(
            Variant(name=name, play=partial(leave_out, changes=changes))
            for name, changes in NEITHER.items()
        ),
    ),
)

"""A08: an error page instead of a callback is no success, and the flow does not wait for ever."""

from collections.abc import Callable
from functools import partial

from ..driving.kinds import Kind, may_be
from ..steps.callbacks import REFUSALS
from ..steps.stored import check_unchanged, stored_now
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

A_DAY = 86_400


def play(stage: Stage, *, status: int) -> None:
    """Show the browser an error page, so that no callback comes; then look, wait, and go on."""
    stage.fake.arm("authorize", "html_page", times=1, status=status)
    url = stage.client.begin()
    stage.client.browse(url)
    check_not_connected(stage)
    if stage.client.ready.features.clock:
        check_expired(stage, url)
    stage.check_kind("recovers", stage.client.connect(), Kind.OK)


def check_not_connected(stage: Stage) -> None:
    """Check that nobody is told of a connection."""
    if stage.client.can("state"):
        stage.check("nothing-stored", stage.client.stored() is None)
    if stage.client.can("call"):
        stage.check_kind("reported", stage.client.call(), *NOT_CONNECTED)


def check_expired(stage: Stage, url: str) -> None:
    """Check that a callback is refused that comes a day late."""
    stage.client.advance(A_DAY)
    late = stage.client.callback(stage.client.approve(url))
    refused = may_be(late.kind, *REFUSALS) and not late.token_requests
    stage.check("expires", refused, late, told=f"a day later it is reported as {late.kind}")


def begin_again(stage: Stage, *, leave: Callable[[Stage, str], None]) -> None:
    """Have a user who is connected begin a second flow and not finish it; then go on."""
    stage.check_kind("recovers", stage.client.connect(), Kind.OK)
    before = stored_now(stage)
    leave(stage, stage.client.begin())
    check_unchanged(stage, before, check="connection-kept")
    if stage.client.can("call"):
        stage.check_kind("connection-kept", stage.client.call(), Kind.OK)
    stage.check_kind("recovers", stage.client.connect(), Kind.OK)


def meet_error_page(stage: Stage, url: str) -> None:
    """Show an error page."""
    stage.fake.arm("authorize", "html_page", times=1, status=503)
    stage.client.browse(url)


def walk_away(stage: Stage, url: str) -> None:
    """Close the browser."""
    del stage, url


NOT_CONNECTED = (Kind.REAUTH_REQUIRED, Kind.CONFIG_ERROR, Kind.PROTOCOL_ERROR)

CASE = Case(
    id="A08",
    name="authorization/error-page",
    level=Level.ROBUST,
    severity=3,
    requirement="a callback that never comes is no success, and its flow expires",
    source="RFC 6749, section 4.1.2.1",
    injects="an error page at the authorization endpoint, which never sends the browser back",
    observes="stored token, reported kinds, journal",
    checks={
        "nothing-stored": "without a callback nothing is stored",
        "reported": "a call says that there is no connection",
        "expires": "a flow that is a day old is over: its callback is refused",
        "connection-kept": "a flow that is not finished leaves an earlier connection alone",
        "recovers": "the next flow connects",
    },
    # Who never comes back would have lost the connection.
    levels={"connection-kept": Level.MUST},
    needs=("begin", "callback"),
    variants=(
        *(
            Variant(name=name, play=partial(play, status=status))
            for name, status in (("unknown-client", 401), ("bad-redirect-uri", 400), ("down", 503))
        ),
        Variant(name="connected-before", play=partial(begin_again, leave=meet_error_page)),
        Variant(name="walked-away", play=partial(begin_again, leave=walk_away)),
    ),
)

"""C16: an odd `expires_in` neither crashes nor makes a token eternal."""

from collections.abc import Sequence
from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.using import expire_newest
from ..suite.case import Case, Variant
from ..suite.client import LIFETIME
from ..suite.stage import Stage
from ..suite.verdicts import Level

EITHER = (Kind.OK, Kind.PROTOCOL_ERROR)
SLACK = 10.0


def play(
    stage: Stage,
    *,
    expires_in: object,
    kinds: Sequence[Kind] = (Kind.OK,),
    seconds: int | None = None,
    for_ever: bool = False,
) -> None:
    """Connect with an odd lifetime, then call; `seconds` is how it is read, where it can be."""
    on = "token" if for_ever else "token.authorization_code"
    stage.fake.arm(on, "token_fields", set={"expires_in": expires_in})
    connected = stage.client.connect()
    if stage.check_kind("kind", connected, *kinds) and connected.kind is Kind.OK:
        check_stored(stage, connected, seconds)
        judge_use(stage, connected, is_over=seconds == 0, for_ever=for_ever)


def play_unknown(stage: Stage) -> None:
    """Connect with members that nobody knows, then call."""
    unknown = {"expires_at": "soon", "created_at": "today"}
    stage.fake.arm("token.authorization_code", "token_fields", set=unknown)
    connected = stage.client.connect()
    if stage.check_kind("unknown-ignored", connected, Kind.OK):
        judge_use(stage, connected)


def judge_use(
    stage: Stage, connected: Outcome, *, is_over: bool = False, for_ever: bool = False
) -> None:
    """Look at what the client makes of the lifetime."""
    refresh = stage.client.ready.features.refresh
    if not stage.client.can("call") or (is_over and refresh == "none"):
        return
    if is_over and not stage.client.ready.features.refresh_ahead:
        # Who goes by 401s is told by one that the lifetime is over.
        expire_newest(stage)
    if is_over and refresh == "explicit":
        stage.client.refresh()
    called = stage.client.call()
    if not for_ever:
        stage.check_kind("usable", called, Kind.OK)
    stage.check("no-loop", len(called.token_requests) <= 2 and len(called.exchanges) <= 4, called)
    if is_over and refresh == "auto":
        refreshed = [*connected.token_requests[1:], *called.token_requests]
        stage.check("not-eternal", bool(refreshed), connected, called)


def check_stored(stage: Stage, connected: Outcome, seconds: int | None) -> None:
    """Check the stored moment, of a client that has not refreshed already and tells one."""
    stored = stage.client.stored()
    if len(connected.token_requests) > 1 or stored is None or stored.expires_at is None:
        return
    if seconds is not None:
        latest = stage.fake.read_clock() + seconds + SLACK
        told = f"{stored.expires_at - latest:g} s too late"
        stage.check("not-eternal", stored.expires_at <= latest, connected, told=told)


CASE = Case(
    id="C16",
    name="exchange/odd-lifetime",
    level=Level.ROBUST,
    severity=2,
    requirement="a lifetime that is no number is unknown, and one that is over is over",
    source="RFC 6749, section 5.1; oauthlib/oauthlib#906, #780; authlib/authlib#841",
    injects="an expires_in of an odd kind or size; unknown members beside it",
    observes="reported kind, journal, stored token",
    checks={
        "kind": "a lifetime in a numeric text is read; junk is unknown, or refused as such",
        "usable": "the token is used, after a refresh where it is over",
        "not-eternal": "no lifetime is read as a longer one, and one of zero or less is over",
        "no-loop": "a lifetime that is over again and again does not make the client loop",
        "unknown-ignored": "members that are unknown are ignored, whatever they hold",
    },
    levels={"unknown-ignored": Level.MUST},
    needs=("begin", "callback"),
    variants=(
        Variant(name="text", play=partial(play, expires_in="7200", seconds=LIFETIME)),
        Variant(name="float", play=partial(play, expires_in=7200.0, seconds=LIFETIME)),
        Variant(name="words", play=partial(play, expires_in="2 hours", kinds=EITHER)),
        Variant(name="null", play=partial(play, expires_in=None, kinds=EITHER)),
        Variant(name="zero", play=partial(play, expires_in=0, seconds=0)),
        Variant(name="negative", play=partial(play, expires_in=-1, kinds=EITHER, seconds=0)),
        Variant(name="huge", play=partial(play, expires_in=10**15, kinds=EITHER)),
        Variant(name="zero-for-ever", play=partial(play, expires_in=0, seconds=0, for_ever=True)),
        Variant(name="unknown-members", play=play_unknown),
    ),
)

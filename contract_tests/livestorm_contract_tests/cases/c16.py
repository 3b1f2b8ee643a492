"""C16: an odd `expires_in` neither crashes nor makes a token eternal."""

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..suite.case import Case, Level, Variant
from ..suite.stage import LIFETIME, Stage

EITHER = (Kind.OK, Kind.PROTOCOL_ERROR)
SLACK = 10.0

OVER = ("zero", "negative", "zero-for-ever")
SECONDS = {**dict.fromkeys(OVER, 0), **dict.fromkeys(("text", "float"), LIFETIME)}
"""The lifetimes that can be read."""

ALLOWED = {
    "text": (Kind.OK,),
    "float": (Kind.OK,),
    "words": EITHER,
    "null": EITHER,
    "zero": (Kind.OK,),
    "negative": EITHER,
    "huge": EITHER,
    "zero-for-ever": (Kind.OK,),
}


def play(stage: Stage) -> None:
    """Connect with an odd lifetime, then call."""
    name = stage.variant.name
    on = "token" if name == "zero-for-ever" else "token.authorization_code"
    stage.arm(on, "token_fields", **stage.variant.given)
    connected = stage.connect()
    check = "unknown-ignored" if name == "unknown-members" else "kind"
    known = stage.check_kind(check, connected, *ALLOWED.get(name, (Kind.OK,)))
    if known and connected.kind is Kind.OK:
        judge_use(stage, connected)


def judge_use(stage: Stage, connected: Outcome) -> None:
    """Look at what the client makes of the lifetime."""
    is_over = stage.variant.name in OVER
    check_stored(stage, connected)
    refresh = stage.client.ready.features.refresh
    if not stage.client.can("call") or (is_over and refresh == "none"):
        return
    if is_over and refresh == "explicit":
        stage.refresh()
    called = stage.call()
    if stage.variant.name != "zero-for-ever":
        stage.check_kind("usable", called, Kind.OK)
    stage.check("no-loop", len(called.token_requests) <= 2 and len(called.exchanges) <= 4, called)
    if is_over and refresh == "auto":
        refreshed = [*connected.token_requests[1:], *called.token_requests]
        stage.check("not-eternal", bool(refreshed), connected, called)


def check_stored(stage: Stage, connected: Outcome) -> None:
    """Check the stored moment, of a client that has not refreshed already and tells one."""
    stored = stage.stored_if_told()
    if len(connected.token_requests) > 1 or stored is None or stored.expires_at is None:
        return
    seconds = SECONDS.get(stage.variant.name)
    if seconds is not None:
        latest = stage.sandbox.read_clock() + seconds + SLACK
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
        Variant(name="text", given={"set": {"expires_in": "7200"}}),
        Variant(name="float", given={"set": {"expires_in": 7200.0}}),
        Variant(name="words", given={"set": {"expires_in": "2 hours"}}),
        Variant(name="null", given={"null": ["expires_in"]}),
        Variant(name="zero", given={"set": {"expires_in": 0}}),
        Variant(name="negative", given={"set": {"expires_in": -1}}),
        Variant(name="huge", given={"set": {"expires_in": 10**15}}),
        Variant(name="zero-for-ever", given={"set": {"expires_in": 0}}),
        Variant(
            name="unknown-members", given={"set": {"expires_at": "soon", "created_at": "today"}}
        ),
    ),
    play=play,
)

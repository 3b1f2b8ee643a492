"""D12: tokens that live shortly, an answer that comes late, clocks that differ."""

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..suite.case import Case, Level, Variant
from ..suite.stage import Stage

CALLS = 5
MOST_TOKEN_REQUESTS = 2
"""Of one call (INV-4)."""
SKEW = 300.0
"""Seconds."""
SHORTER_THAN_SKEW = 240
LATE = 1.1
"""Seconds that the late answer takes: longer than its token lives."""


def play(stage: Stage) -> None:
    """Get a token, and use it several times at once."""
    stage.seed(expired=True)
    PREPARE[stage.variant.name](stage)
    outcomes = [stage.call() for _ in range(CALLS)]
    for outcome in outcomes:
        stage.check_kind("works", outcome, *allowed(stage.variant))
        stage.check("bounded", len(outcome.token_requests) <= MOST_TOKEN_REQUESTS, outcome)
    if "lasts" in stage.variant.given:
        check_rare(stage, outcomes[1:])
    if stage.variant.name == "server-ahead" and stage.client.ready.features.clock:
        check_expired(stage)


def set_lifetime(stage: Stage) -> None:
    """Have the token answers tell this lifetime."""
    stage.arm("token.refresh_token", "token_fields", set={"expires_in": int(stage.variant.name)})


def set_server_apart(stage: Stage) -> None:
    """Let the server's clock differ from the client's."""
    stage.sandbox.advance_clock(float(str(stage.variant.given["ahead"])))


def answer_late(stage: Stage) -> None:
    """Have the first token answer come when its token has expired."""
    stage.arm("token.refresh_token", "delay", seconds=LATE, phase="after", times=1)


PREPARE = {
    **dict.fromkeys(("30", "1", "0", "-1"), set_lifetime),
    "late-answer": answer_late,
    "server-ahead": set_server_apart,
    "server-behind": set_server_apart,
}


def allowed(variant: Variant) -> tuple[Kind, ...]:
    """Give what a call may be reported as.

    A negative lifetime may be taken for nonsense, and a token that has expired by the time it
    comes may be refused by the API even after one more refresh.
    """
    by_name = {"-1": (Kind.OK, Kind.PROTOCOL_ERROR), "late-answer": (Kind.OK, Kind.REAUTH_REQUIRED)}
    return by_name.get(variant.name, (Kind.OK,))


def check_rare(stage: Stage, later: list[Outcome]) -> None:
    """Check that a token that still lives is used as it is."""
    refreshing = [one for one in later if one.token_requests]
    told = f"{len(refreshing)} of {len(later)} calls refreshed"
    stage.check("not-every-call", len(refreshing) <= 1, *refreshing, told=told)


def check_expired(stage: Stage) -> None:
    """Check a call when the token has expired on both clocks."""
    stage.advance(SHORTER_THAN_SKEW + 1)
    outcome = stage.call()
    refreshed = outcome.kind is Kind.OK and len(outcome.token_requests) > 0
    stage.check("after-expiry", refreshed, outcome)


APART = {"access_token_expires_in": SHORTER_THAN_SKEW}

CASE = Case(
    id="D12",
    name="refresh/short-lifetimes-and-skew",
    level=Level.ROBUST,
    severity=2,
    requirement="a client refreshes early, but not on every call, whatever the server's clock says",
    source="spring-projects/spring-security#7511, sander1988/Indego#173",
    injects="`expires_in` 30, 1, 0 and -1; an answer later than its token lives; a server whose "
    "clock is five minutes ahead or behind",
    observes="journal, reported kind",
    checks={
        "works": "the calls succeed",
        "bounded": "a call sends two requests to the token endpoint at most",
        "not-every-call": "a token that still lives is used as it is",
        "after-expiry": "once the token has expired, a call refreshes and succeeds",
    },
    needs=("seed", "call", "refresh=auto"),
    variants=(
        Variant(name="30", given={"lasts": True}),
        Variant(name="1"),
        Variant(name="0"),
        Variant(name="-1"),
        Variant(name="late-answer", provider={"access_token_expires_in": 1}),
        Variant(name="server-ahead", given={"ahead": SKEW, "lasts": True}, provider=APART),
        Variant(name="server-behind", given={"ahead": -SKEW, "lasts": True}, provider=APART),
    ),
    play=play,
)

"""D12: tokens that live shortly, an answer that comes late, clocks that differ."""

from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

CALLS = 5
MOST_TOKEN_REQUESTS = 2
"""Of one call (INV-4)."""
SKEW = 300.0
"""Seconds."""
SHORTER_THAN_SKEW = 240
LATE = 1.1
"""Seconds that the late answer takes: longer than its token lives."""


def live_shortly(stage: Stage, *, expires_in: int, lasts: bool = False) -> None:
    """Have the token answers tell a lifetime, which may last for all calls."""
    stage.client.seed(expired=True)
    stage.fake.arm("token.refresh_token", "token_fields", set={"expires_in": expires_in})
    # A negative one may be taken for nonsense.
    outcomes = call(stage, Kind.OK, *[Kind.PROTOCOL_ERROR] if expires_in < 0 else [])
    if lasts:
        check_rare(stage, outcomes[1:])


def answer_late(stage: Stage) -> None:
    """Have the first token answer come when its token has expired.

    The API may refuse it even after one more refresh.
    """
    stage.client.seed(expired=True)
    stage.fake.arm("token.refresh_token", "delay", seconds=LATE, phase="after", times=1)
    call(stage, Kind.OK, Kind.REAUTH_REQUIRED)


def differ(stage: Stage, *, ahead: float) -> None:
    """Let the server's clock differ from the client's."""
    stage.client.seed(expired=True)
    stage.fake.advance_clock(ahead)
    check_rare(stage, call(stage, Kind.OK)[1:])
    if ahead > 0 and stage.client.ready.features.clock:
        check_expired(stage)


def call(stage: Stage, *kinds: Kind) -> list[Outcome]:
    """Use the token several times."""
    outcomes = [stage.client.call() for _ in range(CALLS)]
    for outcome in outcomes:
        stage.check_kind("works", outcome, *kinds)
        stage.check("bounded", len(outcome.token_requests) <= MOST_TOKEN_REQUESTS, outcome)
    return outcomes


def check_rare(stage: Stage, later: list[Outcome]) -> None:
    """Check that a token that still lives is used as it is."""
    refreshing = [one for one in later if one.token_requests]
    told = f"{len(refreshing)} of {len(later)} calls refreshed"
    stage.check("not-every-call", len(refreshing) <= 1, *refreshing, told=told)


def check_expired(stage: Stage) -> None:
    """Check a call when the token has expired on both clocks."""
    stage.client.advance(SHORTER_THAN_SKEW + 1)
    outcome = stage.client.call()
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
        Variant(name="30", play=partial(live_shortly, expires_in=30, lasts=True)),
        *(
            Variant(name=str(seconds), play=partial(live_shortly, expires_in=seconds))
            for seconds in (1, 0, -1)
        ),
        Variant(name="late-answer", play=answer_late, provider={"access_token_expires_in": 1}),
        Variant(name="server-ahead", play=partial(differ, ahead=SKEW), provider=APART),
        Variant(name="server-behind", play=partial(differ, ahead=-SKEW), provider=APART),
    ),
)

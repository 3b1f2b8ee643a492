"""D12: tokens that live shortly, or are over; an answer that comes late, clocks that differ."""

from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..fake.journal import newest_grant
from ..steps.using import expire_newest, use
from ..suite.case import Case, Variant
from ..suite.driver import Unsupported
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
        let_pass(stage, expires_in)


def answer_late(stage: Stage) -> None:
    """Have the first token answer come when its token has expired.

    The API may refuse it even after one more refresh.
    """
    stage.client.seed(expired=True)
    stage.fake.arm("token.refresh_token", "delay", seconds=LATE, phase="after", times=1)
    call(stage, Kind.OK, Kind.REAUTH_REQUIRED)


def have_expired(stage: Stage, *, ago: float) -> None:
    """Call with a token that expired so many seconds ago.

    A client that does not say that it refreshes ahead may go by the 401.
    """
    expired = stage.client.seed(expired=True, ago=ago)["access_token"]
    check_ahead(stage, expired, call(stage, Kind.OK)[0])


def change(stage: Stage, *, before: int, after: int) -> None:
    """Refresh twice, for tokens whose lifetimes differ, and let both expire.

    `after` is how long tokens live at the provider, too. Raises Unsupported where the client can't
    know that they are over.
    """
    if not can_know(stage):
        raise Unsupported("feature clock or on_401")
    stage.client.seed(expired=True)
    told = {"expires_in": before}
    stage.fake.arm("token.refresh_token", "token_fields", set=told, times=1)
    use(stage)
    expire(stage, before)
    check_rare(stage, call(stage, Kind.OK)[1:])
    check_latest(stage, after)
    has_clock = stage.client.can("clock")
    if has_clock and before < after:
        check_rare(stage, [call_later(stage, before + 1) for _ in range(3)])
    expired = newest_access_token(stage)
    expire(stage, after)
    outcome = check_expired(stage)
    if has_clock:
        check_ahead(stage, expired, outcome)


def differ(stage: Stage, *, ahead: float) -> None:
    """Let the server's clock differ from the client's."""
    stage.client.seed(expired=True)
    stage.fake.advance_clock(ahead)
    check_rare(stage, call(stage, Kind.OK)[1:])
    if ahead > 0 and stage.client.ready.features.clock:
        stage.client.advance(SHORTER_THAN_SKEW + 1)
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


def call_later(stage: Stage, seconds: float) -> Outcome:
    """Let time pass, and call."""
    stage.client.advance(seconds)
    return stage.client.call()


def let_pass(stage: Stage, expires_in: int) -> None:
    """Let a lifetime pass of which the API knows nothing; look at what is stored meanwhile."""
    if not stage.client.can("clock"):
        return
    stored, expired = stage.client.stored(), newest_access_token(stage)
    stage.client.advance(expires_in + 1)
    later = stage.client.stored()
    if stored is not None and later is not None:
        stage.check("expiry-stored", later.expires_at == stored.expires_at)
    check_ahead(stage, expired, stage.client.call())


def can_know(stage: Stage) -> bool:
    """Tell whether the client can know that a token's life has been ended."""
    features = stage.client.ready.features
    return features.clock or features.on_401


def expire(stage: Stage, seconds: float) -> None:
    """End the newest token's life of so many seconds, on both clocks if the client has one."""
    if stage.client.ready.features.clock:
        stage.client.advance(seconds + 1)
    expire_newest(stage)


def newest_access_token(stage: Stage) -> str:
    """Give the access token that the client should have."""
    return str(newest_grant(stage.fake.exchanges()).get("access_token"))


def check_expired(stage: Stage) -> Outcome:
    """Check a call when the token has expired on both clocks."""
    outcome = stage.client.call()
    refreshed = outcome.kind is Kind.OK and len(outcome.token_requests) > 0
    stage.check("after-expiry", refreshed, outcome)
    return outcome


def check_ahead(stage: Stage, expired: str, outcome: Outcome) -> None:
    """Check that a client which says that it refreshes ahead did so; others may go by 401s."""
    if stage.client.ready.features.refresh_ahead:
        sent = [one.bearer_token for one in outcome.api_requests]
        stage.check("not-sent-expired", expired not in sent, outcome)


def check_latest(stage: Stage, lifetime: int) -> None:
    """Check that what is stored lives no longer than the newest answer says."""
    stored = stage.client.stored()
    if stored is not None and stored.expires_at is not None:
        late = stored.expires_at - stage.fake.read_clock() - lifetime
        stage.check("expiry-stored", late <= SLACK, told=f"{late:g} s too late")


SLACK = 10.0
"""Seconds."""
SIX_HOURS, HALF_AN_HOUR = 21_600, 1800
APART = {"access_token_expires_in": SHORTER_THAN_SKEW}

CASE = Case(
    id="D12",
    name="refresh/short-lifetimes-and-skew",
    level=Level.ROBUST,
    severity=2,
    requirement="a client refreshes early, but not on every call, whatever the server's clock says",
    source="spring-projects/spring-security#7511, sander1988/Indego#173",
    injects="`expires_in` 30, 1, 0 and -1; tokens that are over since a second or an hour; a "
    "lifetime that changes; an answer later than its token lives; a server whose clock is five "
    "minutes ahead or behind",
    observes="journal, reported kind, stored token",
    checks={
        "works": "the calls succeed",
        "bounded": "a call sends two requests to the token endpoint at most",
        "not-every-call": "a token that still lives is used as it is",
        "after-expiry": "once the token has expired, a call refreshes and succeeds",
        "not-sent-expired": "who claims `refresh_ahead` sends no access token that has expired",
        "expiry-stored": "the stored moment of expiry is that of the newest answer, and stays so",
    },
    needs=("seed", "call", "refresh=auto"),
    variants=(
        Variant(name="30", play=partial(live_shortly, expires_in=30, lasts=True)),
        *(
            Variant(name=str(seconds), play=partial(live_shortly, expires_in=seconds))
            for seconds in (1, 0, -1)
        ),
        Variant(name="over for a second", play=partial(have_expired, ago=1)),
        Variant(name="over for an hour", play=partial(have_expired, ago=3600)),
        *(
            Variant(
                name=name,
                play=partial(change, before=before, after=after),
                provider={"access_token_expires_in": after},
            )
            for name, before, after in (
                ("shorter", SIX_HOURS, HALF_AN_HOUR),
                ("longer", HALF_AN_HOUR, SIX_HOURS),
            )
        ),
        Variant(name="late-answer", play=answer_late, provider={"access_token_expires_in": 1}),
        Variant(name="server-ahead", play=partial(differ, ahead=SKEW), provider=APART),
        Variant(name="server-behind", play=partial(differ, ahead=-SKEW), provider=APART),
    ),
)

"""D04: a refresh does not say how long the access token lives."""

from collections.abc import Callable

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.using import expire_newest, refreshes_on_call, use, use_expired
from ..suite.case import Case, Variant
from ..suite.client import LIFETIME
from ..suite.stage import Stage
from ..suite.verdicts import Level

SLACK = 60.0
"""Seconds."""


def play(stage: Stage) -> None:
    """Refresh with a known lifetime, then without, and let the tokens expire once more."""
    stage.client.seed(expired=True)
    use(stage)
    refresh_without(stage, use_expired)


def play_over(stage: Stage) -> None:
    """Refresh without a lifetime what has expired: the only moment that is known is past."""
    stage.client.seed(expired=True)
    refresh_without(stage, use)


def refresh_without(stage: Stage, refresh: Callable[[Stage], Outcome]) -> None:
    """Leave the lifetime out of an answer, and see what is made of the token."""
    stage.fake.arm("token.refresh_token", "token_fields", drop=["expires_in"])
    stage.check_kind("accepted", refresh(stage), Kind.OK)
    check_expiry(stage)
    if stage.client.can("call"):
        check_calls(stage)


def check_expiry(stage: Stage) -> None:
    """Check the stored moment; without `state` nothing is judged."""
    if not stage.client.can("state"):
        return
    token = stage.client.stored()
    expires_at = None if token is None else token.expires_at
    latest = stage.fake.read_clock() + LIFETIME + SLACK
    stage.check("not-eternal", expires_at is None or expires_at <= latest)


def check_calls(stage: Stage) -> None:
    """Call at once, and when the token has expired."""
    soon = stage.client.call()
    stage.check_kind("usable", soon, Kind.OK)
    stage.check("not-every-call", not soon.token_requests, soon)
    features = stage.client.ready.features
    if not refreshes_on_call(stage.client) or not (features.clock or features.on_401):
        return
    if features.clock:
        stage.client.advance(LIFETIME + 1)
    expire_newest(stage)
    late = stage.client.call()
    stage.check("not-for-ever", late.kind is Kind.OK and len(late.token_requests) > 0, late)


CASE = Case(
    id="D04",
    name="refresh/lifetime-unknown",
    level=Level.ROBUST,
    severity=2,
    requirement="a token of unknown lifetime is not one that lives for ever",
    source="RFC 6749, section 5.1; oomol-lab/open-connector#266",
    injects="a token answer to a refresh without `expires_in`; then the token expires",
    observes="journal, reported kind, stored token",
    checks={
        "accepted": "a refresh that does not tell a lifetime is a success",
        "not-eternal": "the stored moment of expiry is unknown, or that of the last lifetime",
        "usable": "the refreshed token is used",
        "not-every-call": "the next call does not refresh again",
        "not-for-ever": "once the token has expired, a call refreshes and succeeds",
    },
    needs=("seed", "refresh=auto|explicit"),
    variants=(Variant(name="fresh", play=play), Variant(name="over", play=play_over)),
)

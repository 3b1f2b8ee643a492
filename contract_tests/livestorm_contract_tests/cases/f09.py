"""F09: status and headers of a 429 or 503 decide, its body never does."""

from collections.abc import Callable
from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.pauses import REMEMBERED, check_remembered, tells_when, too_early, when_free
from ..steps.stored import check_unchanged, stored_now
from ..steps.using import refreshes_on_call
from ..suite.case import Case, Variant
from ..suite.driver import Unsupported
from ..suite.stage import Stage
from ..suite.verdicts import Level

SECONDS = 2
HTML = "<!DOCTYPE html>\n<html><head><title>Slow down</title></head><body>Slow down</body></html>\n"
JSON_API = '{"errors": [{"title": "Too many requests", "code": "429", "status": "429"}]}'
OAUTH = '{"error": "invalid_grant", "error_description": "The token was revoked"}'
BODIES = {
    "html": ("text/html; charset=utf-8", HTML),
    "empty": (None, ""),
    "jsonapi": ("application/vnd.api+json", JSON_API),
    "oauth": ("application/json", OAUTH),
}


def call(stage: Stage, *, status: int, body: str) -> None:
    """Be refused once at a call with a body that says something else."""
    stage.client.seed()
    before = stored_now(stage)
    outcome = refuse(stage, "api", status, body, stage.client.call)
    check_unchanged(stage, before, outcome, check="tokens-kept")
    go_on(stage, outcome, stage.client.call)
    refreshes = [one for one in stage.fake.exchanges() if one.at_token_endpoint]
    stage.check("no-refresh", not refreshes, outcome)


def refresh(stage: Stage, *, status: int, body: str) -> None:
    """Be refused once at a refresh with a body that says something else."""
    stage.client.seed()
    before = stored_now(stage)
    outcome = refuse(stage, "token.refresh_token", status, body, stage.client.refresh)
    if outcome.kind is not Kind.OK:
        check_unchanged(stage, before, outcome, check="tokens-kept")
    # What is asked for is not the client's own idea, so that it need not remember.
    go_on(stage, outcome, stage.client.refresh, remembers=False)


def call_expired(stage: Stage, *, status: int) -> None:
    """Be refused once at the refresh that a call needs. Raises Unsupported."""
    if not refreshes_on_call(stage.client):
        raise Unsupported("feature refresh=auto")
    stage.client.seed(expired=True)
    before = stored_now(stage)
    outcome = refuse(stage, "token.refresh_token", status, "html", stage.client.call)
    if outcome.kind is not Kind.OK:
        check_unchanged(stage, before, outcome, check="tokens-kept")
    go_on(stage, outcome, stage.client.call)


def go_on(
    stage: Stage, outcome: Outcome, ask: Callable[[], Outcome], *, remembers: bool = True
) -> None:
    """Ask in the pause and after it."""
    if remembers:
        check_remembered(stage, outcome, SECONDS, ask)
    last = when_free(stage, outcome, ask, seconds=SECONDS)
    stage.check_kind("recovers", last, Kind.OK)
    early = too_early([*outcome.exchanges, *last.exchanges], SECONDS)
    stage.check("not-before", not early, outcome, last)


def refuse(stage: Stage, on: str, status: int, body: str, ask: Callable[[], Outcome]) -> Outcome:
    """Refuse once, for two seconds, and judge what is reported."""
    content_type, text = BODIES[body]
    stage.fake.arm(
        on,
        "answer",
        status=status,
        content_type=content_type,
        body=text,
        headers={"Retry-After": str(SECONDS)},
        times=1,
    )
    outcome = ask()
    stage.check_kind("kind", outcome, Kind.OK, Kind.RETRY_LATER)
    if outcome.kind is Kind.RETRY_LATER:
        told = f"{outcome.reply.not_before_s} s"
        stage.check("tells-when", tells_when(outcome, SECONDS), outcome, told=told)
    return outcome


CASE = Case(
    id="F09",
    name="rate-limit/body-is-no-matter",
    level=Level.MUST,
    severity=2,
    requirement="a 429 or 503 is one by status and headers, whatever its body; it ends no session",
    source="RFC 9110, section 5.1; akutishevsky/withings-mcp#37",
    injects="a 429 or 503 in HTML, JSON:API, as an OAuth error, empty; header names in lower case",
    observes="reported kind, journal, stored token",
    checks={
        "kind": "a 429 or 503 is waited out or reported as retry_later",
        "tells-when": "a retry_later says for how long",
        "not-before": "no request before the two seconds are over",
        "remembered": REMEMBERED,
        "no-refresh": "it is no reason to refresh",
        "tokens-kept": "the stored tokens stay as they are",
        "recovers": "the operation succeeds after the two seconds",
    },
    levels={"remembered": Level.SHOULD},
    needs=("seed",),
    provider={"rate_limits": True},
    max_wait_ms=300,
    variants=(
        *(
            Variant(name=f"{status} {body}", play=partial(call, status=status, body=body))
            for status in (429, 503)
            for body in BODIES
        ),
        *(
            Variant(
                name=f"refresh {status} {body}", play=partial(refresh, status=status, body=body)
            )
            for status in (429, 503)
            for body in ("html", "jsonapi", "oauth")
        ),
        *(
            Variant(name=f"expired {status}", play=partial(call_expired, status=status))
            for status in (429, 503)
        ),
    ),
)

"""D09: the token endpoint limits the rate of refreshes, and says until when."""

from functools import partial

from ..allowances.retry_after import TOLERANCE
from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.pauses import free_at, pause, tells_when
from ..steps.recovering import RECOVERS, REQUIREMENT, refresh_after_several
from ..steps.stored import check_holds
from ..steps.using import use, use_recovered
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, seconds: int) -> None:
    """Refresh while the rate is limited; go on as soon as the client says that it may."""
    refresh_token = stage.client.seed(expired=True)["refresh_token"]
    stage.fake.arm("token.refresh_token", "rate_limited", retry_after=seconds, times=1)
    limited = use(stage)
    fits = seconds * 1000 <= stage.client.config.max_wait_ms
    stage.check_kind("kind", limited, Kind.RETRY_LATER, *[Kind.OK] if fits else [])
    if limited.kind is not Kind.OK:
        check_told(stage, limited, seconds)
        check_holds(stage, "store-untouched", refresh_token, limited)
        if not fits:
            stage.check("not-before", len(limited.token_requests) == 1, limited)
            check_later(stage, limited, seconds)
            return
        if limited.reply.not_before_s is None:
            pause(stage, seconds)
        stage.check_kind("recovers", use_recovered(stage, limited), Kind.OK)
    check_requests(stage, refresh_token, seconds)


def limit_often(stage: Stage) -> None:
    """Be limited again whenever a pause is over, and then no more."""
    stage.client.configure(budget={"max_wait_ms": 300})
    refresh_after_several(stage, {"fault": "rate_limited", "retry_after": 1})


def check_later(stage: Stage, limited: Outcome, seconds: float) -> None:
    """Check that a pause beyond the budget ends; without a clock nobody waits for it."""
    if stage.client.can("clock"):
        if limited.reply.not_before_s is None:
            pause(stage, seconds)
        stage.check_kind("recovers", use_recovered(stage, limited), Kind.OK)


def check_told(stage: Stage, limited: Outcome, seconds: float) -> None:
    """Check the not-before of a reply, in seconds from the reply."""
    told = f"not_before_s is {limited.reply.not_before_s}"
    stage.verdicts.check_told("not-before-told", tells_when(limited, seconds), limited, told)


def check_requests(stage: Stage, refresh_token: str, seconds: float) -> None:
    """Check when the refresh token was sent again, and which."""
    sent = [one for one in stage.fake.exchanges() if one.at_token_endpoint]
    stage.check("same-token", {one.refresh_token for one in sent} == {refresh_token})
    early = free_at(sent[0], seconds) - sent[1].at if len(sent) > 1 else 0.0
    stage.check("not-before", early <= TOLERANCE, told=f"sent again {early:.2f} s too early")


CASE = Case(
    id="D09",
    name="refresh/429-retry-after",
    level=Level.SHOULD,
    severity=1,
    requirement="a 429 at a refresh is waited for, and costs no tokens",
    source="RFC 6585, section 4; akutishevsky/withings-mcp#37, home-assistant/core#179364",
    injects="429 with `Retry-After`, once within the client's budget and once beyond it",
    observes="journal and its times, reported kind, stored token",
    checks={
        "kind": "the client waits, or reports that it is to be tried later",
        "not-before-told": "who reports it says from when on it may be tried",
        "not-before": "nothing is sent to the token endpoint before `Retry-After` is over",
        "same-token": "the same refresh token is sent again",
        "store-untouched": "the stored tokens are kept, and not flagged as dead",
        "recovers": "after `Retry-After` the client goes on without a human",
        RECOVERS: REQUIREMENT,
    },
    needs=("seed", "refresh=auto|explicit"),
    variants=(
        Variant(name="within-budget", play=partial(play, seconds=2)),
        Variant(name="beyond-budget", play=partial(play, seconds=600)),
        Variant(name="often", play=limit_often),
    ),
)

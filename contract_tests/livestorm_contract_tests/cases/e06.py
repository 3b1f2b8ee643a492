"""E06: the API fails; a GET may be repeated, a POST may have had its effect."""

from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.pauses import LEAST_SECONDS, MOST_CALLS, pauses_within, recovered
from ..steps.statuses import OUTAGES
from ..steps.using import refreshes_on_call
from ..suite.case import Case, Variant
from ..suite.driver import Unsupported
from ..suite.stage import Stage
from ..suite.verdicts import Level

STATUSES = (500, 502, 503)
MOST_REQUESTS = 4
"""Of one call, those to the token endpoint included (INV-4)."""


def get(stage: Stage, *, status: int, expired: bool = False) -> None:
    """GET during the outage, also where a refresh fails as well: two things are tried again."""
    if expired and not refreshes_on_call(stage.client):
        raise Unsupported("feature refresh=auto")
    stage.fake.arm("api.events", "html_page", status=status)
    failed = call(stage, "GET", expired=expired)
    stage.check("get-bounded", len(failed.exchanges) <= MOST_REQUESTS, failed)
    check_backoff(stage, failed, expired=expired)
    check_recovers(stage, "GET", failed)


def get_otherwise(stage: Stage) -> None:
    """GET under every other 5xx, one after the other; nobody waits, so that it is quick."""
    stage.client.configure(budget={"max_wait_ms": 1})
    for status in (one for one in OUTAGES if one not in STATUSES):
        stage.fake.arm("api.events", "html_page", status=status)
        failed = call(stage, "GET")
        stage.check("get-bounded", len(failed.exchanges) <= MOST_REQUESTS, failed)
        if not check_recovers(stage, "GET", failed):
            return


def post(stage: Stage, *, status: int) -> None:
    """POST during the outage."""
    stage.fake.arm("api.events", "html_page", status=status)
    failed = call(stage, "POST")
    posts = [one for one in failed.api_requests if one.method == "POST"]
    stage.check("post-once", len(posts) == 1, failed)
    check_recovers(stage, "POST", failed)


def call(stage: Stage, method: str, *, expired: bool = False) -> Outcome:
    """Call, and see it fail; where the token is expired, the first refresh does, too."""
    stage.client.seed(expired=expired)
    if expired:
        stage.fake.arm("token.refresh_token", "html_page", status=502, times=1)
    failed = stage.client.call("/events", method=method)
    sent = {one.method for one in failed.api_requests}
    if sent and method not in sent:
        raise Unsupported(f"method {method} of op call")
    stage.check_kind("kind", failed, Kind.RETRY_LATER)
    return failed


def check_backoff(stage: Stage, failed: Outcome, *, expired: bool) -> None:
    """Check that there are pauses; call again until they can be told from none."""
    outcomes, pauses = [failed], pauses_within(failed)
    while pauses and sum(pauses) < LEAST_SECONDS and len(outcomes) < MOST_CALLS:
        outcomes.append(call(stage, "GET", expired=expired))
        pauses += pauses_within(outcomes[-1])
    backs_off = not pauses or sum(pauses) >= LEAST_SECONDS
    stage.check("get-backs-off", backs_off, *outcomes, told=f"pauses of {pauses} s")


def check_recovers(stage: Stage, method: str, failed: Outcome) -> bool:
    """Call after the outage."""
    last = recovered(stage, failed, lambda: stage.client.call("/events", method=method))
    return stage.check_kind("recovers", last, Kind.OK)


CASE = Case(
    id="E06",
    name="call/5xx",
    level=Level.SHOULD,
    severity=1,
    requirement="after a 5xx a GET is repeated seldom and with pauses, and a POST not by itself",
    source="RFC 9110, section 9.2.2",
    injects="every 5xx with an HTML page to GET, some to POST, and to a refresh as well",
    observes="journal, reported kind",
    checks={
        "kind": "a failing API is reported as one that may be tried later",
        "get-bounded": "a GET takes four requests at most, a refresh included",
        "get-backs-off": "the client pauses before it sends a GET again",
        "post-once": "a POST is sent once: it may have had its effect",
        "recovers": "when the API is back, the next call succeeds",
    },
    needs=("seed", "call"),
    scenario="events_writable",
    variants=(
        *(Variant(name=f"get-{one}", play=partial(get, status=one)) for one in STATUSES),
        *(Variant(name=f"post-{one}", play=partial(post, status=one)) for one in STATUSES),
        Variant(name="get-others", play=get_otherwise),
        Variant(name="get-502-expired", play=partial(get, status=502, expired=True)),
    ),
)

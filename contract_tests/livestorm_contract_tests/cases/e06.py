"""E06: the API fails; a GET may be repeated, a POST may have had its effect."""

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.pauses import LEAST_SECONDS, MOST_CALLS, pauses_within
from ..steps.using import is_bare, refreshes_on_call, wait_out
from ..suite.case import Case, Level, Variant
from ..suite.client import Unsupported
from ..suite.stage import Stage

MOST_REQUESTS = 4
"""Of one call, those to the token endpoint included (INV-4)."""
EXPIRED = "get-502-expired"
"""The variant in which a refresh fails as well, so that two things are tried again."""


def play(stage: Stage) -> None:
    """Call during the outage, and afterwards."""
    method, status = str(stage.variant.given["method"]), stage.variant.given["status"]
    if method == "POST" and is_bare(stage):
        raise Unsupported("a call with POST")
    if stage.variant.name == EXPIRED and not refreshes_on_call(stage):
        raise Unsupported("feature refresh=auto")
    stage.arm("api.events", "html_page", status=status)
    failed = call(stage, method)
    if method == "POST":
        stage.check("post-once", len(failed.api_requests) == 1, failed)
    else:
        stage.check("get-bounded", len(failed.exchanges) <= MOST_REQUESTS, failed)
        check_backoff(stage, failed)
    stage.disarm()
    wait_out(failed)
    stage.check_kind("recovers", stage.call("/events", method=method), Kind.OK)


def call(stage: Stage, method: str) -> Outcome:
    """Call, and see it fail; where the token is expired, the first refresh does, too."""
    expired = stage.variant.name == EXPIRED
    stage.seed(expired=expired)
    if expired:
        stage.arm("token.refresh_token", "html_page", status=502, times=1)
    failed = stage.call("/events", method=method)
    sent = {one.method for one in failed.api_requests}
    stage.check_driving(sent <= {method}, f"a call with {method} sends {', '.join(sent)}")
    stage.check_kind("kind", failed, Kind.RETRY_LATER)
    return failed


def check_backoff(stage: Stage, failed: Outcome) -> None:
    """Check that there are pauses; call again until they can be told from none."""
    outcomes, pauses = [failed], pauses_within(failed)
    while pauses and sum(pauses) < LEAST_SECONDS and len(outcomes) < MOST_CALLS:
        outcomes.append(call(stage, "GET"))
        pauses += pauses_within(outcomes[-1])
    backs_off = not pauses or sum(pauses) >= LEAST_SECONDS
    stage.check("get-backs-off", backs_off, *outcomes, told=f"pauses of {pauses} s")


CASE = Case(
    id="E06",
    name="call/5xx",
    level=Level.SHOULD,
    severity=1,
    requirement="after a 5xx a GET is repeated seldom and with pauses, and a POST not by itself",
    source="RFC 9110, section 9.2.2",
    injects="500, 502 and 503 with an HTML page, to GET and to POST, and to a refresh as well",
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
        *(
            Variant(name=f"{method.lower()}-{status}", given={"method": method, "status": status})
            for method in ("GET", "POST")
            for status in (500, 502, 503)
        ),
        Variant(name=EXPIRED, given={"method": "GET", "status": 502}),
    ),
    play=play,
)

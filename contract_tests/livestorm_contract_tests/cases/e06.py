"""E06: the API fails; a GET may be repeated, a POST may have had its effect."""

from ..adapter import Kind
from ..suite.case import Case, Level, Variant
from ..suite.stage import Stage

MOST_REQUESTS = 4
"""Of one call (INV-4)."""


def play(stage: Stage) -> None:
    """Call during the outage, and afterwards."""
    method, status = str(stage.variant.given["method"]), stage.variant.given["status"]
    stage.seed()
    stage.arm("api.events", "html_page", status=status)
    failed = stage.call("/events", method=method)
    sent = {one.method for one in failed.api_requests}
    stage.check_driving(sent <= {method}, f"a call with {method} sends {', '.join(sent)}")
    stage.check_kind("kind", failed, Kind.RETRY_LATER)
    if method == "POST":
        stage.check("post-once", len(failed.api_requests) == 1, failed)
    else:
        stage.check("get-bounded", len(failed.api_requests) <= MOST_REQUESTS, failed)
    stage.disarm()
    stage.check_kind("recovers", stage.call("/events", method=method), Kind.OK)


CASE = Case(
    id="E06",
    name="call/5xx",
    level=Level.SHOULD,
    severity=1,
    requirement="after a 5xx a GET is repeated a few times at most, and a POST not by itself",
    source="RFC 9110, section 9.2.2",
    injects="500, 502 and 503 with an HTML page, to GET and to POST",
    observes="journal, reported kind",
    checks={
        "kind": "a failing API is reported as one that may be tried later",
        "get-bounded": "a GET is sent four times at most",
        "post-once": "a POST is sent once: it may have had its effect",
        "recovers": "when the API is back, the next call succeeds",
    },
    needs=("seed", "call"),
    scenario="events_writable",
    variants=tuple(
        Variant(name=f"{method.lower()}-{status}", given={"method": method, "status": status})
        for method in ("GET", "POST")
        for status in (500, 502, 503)
    ),
    play=play,
)

"""G09: redirections end, wherever they lead."""

from collections.abc import Mapping
from functools import partial

from ..driving.kinds import Kind
from ..fake.control import Fault
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

MOST_HOPS = 50
"""More than any well-known HTTP client follows."""


def play(stage: Stage, *, fault: Fault, is_relative: bool = False) -> None:
    """Redirect an API call."""
    stage.client.seed()
    stage.fake.arm_keys({"on": "api.me", **fault})
    outcome = stage.client.call()
    # A relative target leads to another document of the API.
    stage.check_kind("kind", outcome, *REFUSED, *[Kind.OK] if is_relative else [])
    hops = len(outcome.api_requests)
    stage.check("bounded", hops <= MOST_HOPS, outcome, told=f"{hops} requests")
    if is_relative:
        elsewhere = [one.target for one in outcome.exchanges if one.target not in TARGETS]
        stage.check("resolved", not elsewhere, outcome, told=f"requests of {elsewhere}")
    stage.fake.disarm()
    stage.check_kind("recovers", stage.client.call(), Kind.OK)


REFUSED = (Kind.PROTOCOL_ERROR, Kind.SECURITY_ERROR, Kind.TRANSPORT_ERROR)
"""For some HTTP clients a redirection that leads nowhere is a broken answer."""
TARGETS = ("/v1/me", "/v1/organization")


def to(**headers: str) -> Fault:
    """Redirect by these headers."""
    return {"fault": "answer", "status": 302, "headers": headers}


NOWHERE: Mapping[str, Fault] = {
    "loop": {"fault": "redirect", "status": 302, "to": "same_origin"},
    "missing": to(),
    "empty": to(Location=""),
    "broken": to(Location="http://[::1"),
}

CASE = Case(
    id="G09",
    name="transport/redirects",
    level=Level.SHOULD,
    severity=3,
    requirement="redirections are not followed for ever, and one without a target is an error",
    source="RFC 9110, section 15.4",
    injects="a redirection to itself; a Location that is missing, empty, broken, relative",
    observes="journal, reported kind",
    checks={
        "kind": "a redirection that leads to no answer is reported as a wrong answer",
        "bounded": "a loop is left after fifty requests at most",
        "resolved": "a relative target is resolved against the URL of the request, or not followed",
        "recovers": "the next call after the fault succeeds",
    },
    needs=("seed", "call"),
    variants=(
        *(Variant(name=name, play=partial(play, fault=fault)) for name, fault in NOWHERE.items()),
        Variant(
            name="relative", play=partial(play, fault=to(Location="organization"), is_relative=True)
        ),
    ),
)

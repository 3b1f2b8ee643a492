"""G09: redirections end, wherever they lead."""

from ..driving.kinds import Kind
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

MOST_HOPS = 50
"""More than any well-known HTTP client follows."""


def play(stage: Stage) -> None:
    """Redirect an API call."""
    stage.client.seed()
    fault = dict(stage.given)
    stage.fake.arm("api.me", str(fault.pop("fault")), **fault)
    outcome = stage.client.call()
    # A relative target leads to another document of the API.
    followed = [Kind.OK] if stage.variant == "relative" else []
    stage.check_kind("kind", outcome, *followed, *REFUSED)
    hops = len(outcome.api_requests)
    stage.check("bounded", hops <= MOST_HOPS, outcome, told=f"{hops} requests")
    if stage.variant == "relative":
        elsewhere = [one.target for one in outcome.exchanges if one.target not in TARGETS]
        stage.check("resolved", not elsewhere, outcome, told=f"requests of {elsewhere}")
    stage.fake.disarm()
    stage.check_kind("recovers", stage.client.call(), Kind.OK)


REFUSED = (Kind.PROTOCOL_ERROR, Kind.SECURITY_ERROR, Kind.TRANSPORT_ERROR)
"""For some HTTP clients a redirection that leads nowhere is a broken answer."""
TARGETS = ("/v1/me", "/v1/organization")
LOCATIONS: dict[str, dict[str, str]] = {
    "missing": {},
    "empty": {"Location": ""},
    "broken": {"Location": "http://[::1"},
    "relative": {"Location": "organization"},
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
        Variant(name="loop", given={"fault": "redirect", "status": 302, "to": "same_origin"}),
        *(
            Variant(name=name, given={"fault": "answer", "status": 302, "headers": headers})
            for name, headers in LOCATIONS.items()
        ),
    ),
    play=play,
)

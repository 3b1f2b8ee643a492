"""E01: how the access token travels to the API."""

import json

from ..fake.journal import Exchange
from ..suite.case import Case
from ..suite.stage import Stage
from ..suite.verdicts import Level

PATHS = ("/me", "/ping")


def play(stage: Stage) -> None:
    """Call twice, and look at each request."""
    access_token = stage.client.seed()["access_token"]
    for path in PATHS:
        outcome = stage.client.call(path)
        told = "the call sends nothing"
        stage.check("bearer", bool(outcome.api_requests), outcome, told=told)
        for request in outcome.api_requests:
            values = authorizations(request)
            bearer = any(is_bearer(one) for one in values)
            elsewhere = access_token in request.target or access_token in content(request)
            stage.check("bearer", bearer, outcome)
            stage.check("once", len(values) <= 1, outcome)
            stage.check("nowhere-else", not elsewhere, outcome)


def authorizations(request: Exchange) -> list[str]:
    """Give the values of all `Authorization` lines."""
    lines = request.request_header_lines
    return [value for name, value in lines if name.lower() == "authorization"]


def is_bearer(value: str) -> bool:
    """Tell whether a header's value is a bearer token; schemes have no case."""
    scheme, _, token = value.partition(" ")
    return scheme.lower() == "bearer" and token.strip() != ""


def content(request: Exchange) -> str:
    """Give the parameters of query and body as a text."""
    return json.dumps(request.parameters)


CASE = Case(
    id="E01",
    name="call/bearer-header",
    level=Level.MUST,
    severity=1,
    requirement="the access token travels in the header `Authorization`, once, and nowhere else",
    source="RFC 6750, section 2; RFC 9700, section 4.3.2",
    injects="nothing",
    observes="journal",
    checks={
        "bearer": "the access token is sent as `Authorization: Bearer`",
        "once": "there is one `Authorization`",
        "nowhere-else": "the access token is in no query and no body",
    },
    needs=("seed", "call"),
    play=play,
)

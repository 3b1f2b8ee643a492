"""E04: the token does not cover what is asked for."""

from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..fake.control import Fault
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, fault: Fault, names_scope: bool = False) -> None:
    """Call what is forbidden."""
    stage.client.seed()
    stage.fake.arm_keys({"on": "api.me", **fault})
    outcome = stage.client.call()
    if not says_why(outcome):
        kinds = (Kind.CONFIG_ERROR, Kind.DENIED, Kind.REAUTH_REQUIRED)
        stage.check_kind("kind", outcome, *kinds)
        return
    stage.check_kind("kind", outcome, Kind.CONFIG_ERROR, Kind.DENIED)
    stage.check("no-refresh", not outcome.token_requests, outcome)
    stage.check("no-retry", len(outcome.api_requests) == 1, outcome)
    if names_scope:
        told = "scope" in outcome.told_text.lower()
        stage.verdicts.check_told("scope-reported", told, outcome)


def says_why(outcome: Outcome) -> bool:
    """Tell whether the answer can be told from that to any dead token, which a bare 401 can't."""
    return not any(
        one.status == 401 and "insufficient_scope" not in one.headers.get("www-authenticate", "")
        for one in outcome.api_requests[:1]
    )


CASE = Case(
    id="E04",
    name="call/403",
    level=Level.MUST,
    severity=3,
    requirement="a 403 is reported, without a refresh and without a retry: neither can help",
    source="RFC 6750, section 3.1; RFC 6749, section 6; modelcontextprotocol/python-sdk#1602",
    injects="403 `insufficient_scope`, 403 without a challenge, 403 of a blocked workspace",
    observes="journal, reported kind and error",
    checks={
        "kind": "it is reported as forbidden, or as a matter of configuration",
        "no-refresh": "nothing is refreshed: a refresh can't widen the scope",
        "no-retry": "the call is not repeated with the same token",
        "scope-reported": "the error says that the scope is missing",
    },
    needs=("seed", "call"),
    variants=(
        Variant(
            name="challenge",
            play=partial(play, fault={"fault": "insufficient_scope"}, names_scope=True),
        ),
        Variant(
            name="old-doorkeeper",
            play=partial(play, fault={"fault": "insufficient_scope"}),
            provider={"release": "5.8"},
        ),
        Variant(name="no-challenge", play=partial(play, fault={"fault": "answer", "status": 403})),
        Variant(name="jsonapi", play=partial(play, fault={"fault": "api_error", "status": 403})),
        Variant(name="blocked", play=partial(play, fault={"fault": "workspace_blocked"})),
    ),
)

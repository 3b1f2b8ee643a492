"""D07: a gateway refuses the refresh; that says nothing about the grant."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from ..driving.kinds import Kind, may_be
from ..fake.control import Fault
from ..steps.stored import check_holds
from ..steps.using import check_recovers, use
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

BODIES: Final[Mapping[str, Fault]] = {
    "html": {"fault": "html_page"},
    "empty": {"fault": "answer"},
    "jsonapi": {"fault": "api_error"},
}
STATUSES = (400, 401, 403, 404)


def play(stage: Stage, *, fault: Fault) -> None:
    """Refresh while the gateway refuses, and again afterwards."""
    refresh_token = stage.client.seed(expired=True)["refresh_token"]
    stage.fake.arm_keys({"on": "token.refresh_token", **fault})
    outcome = use(stage)
    stage.check_kind("kind", outcome, Kind.PROTOCOL_ERROR, Kind.CONFIG_ERROR)
    check_holds(stage, "tokens-kept", refresh_token, outcome)
    if not may_be(outcome.kind, Kind.CONFIG_ERROR):
        check_recovers(stage, "recovers", outcome)


CASE = Case(
    id="D07",
    name="refresh/refused-by-gateway",
    level=Level.ROBUST,
    severity=1,
    requirement="a 4xx that is no OAuth error never logs the user out",
    source="RFC 6749, section 5.2; bitwarden/mobile#2156",
    injects="4xx answers with HTML, with JSON:API and without a body, at a refresh",
    observes="reported kind, stored token",
    checks={
        "kind": "the answer is reported as one that the client can make nothing of",
        "tokens-kept": "the stored tokens are kept, and not flagged as dead",
        "recovers": "when the gateway lets it through again, the client goes on without a human",
    },
    needs=("seed", "refresh=auto|explicit"),
    variants=tuple(
        Variant(name=f"{status}-{form}", play=partial(play, fault={**body, "status": status}))
        for status in STATUSES
        for form, body in BODIES.items()
    ),
)

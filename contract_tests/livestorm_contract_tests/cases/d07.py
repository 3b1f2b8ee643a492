"""D07: a gateway refuses the refresh; that says nothing about the grant."""

from collections.abc import Mapping
from functools import partial
from itertools import cycle
from typing import Final

from ..driving.kinds import Kind, may_be
from ..fake.control import Fault
from ..steps.recovering import RECOVERS, REQUIREMENT, refresh_after_several
from ..steps.statuses import REFUSALS, kinds_of_refusal
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


def refuse_otherwise(stage: Stage) -> None:
    """Refuse with every other status, one after the other."""
    others = [one for one in REFUSALS if one not in STATUSES]
    for status, body in zip(others, cycle(BODIES.values()), strict=False):
        if not judge(stage, status=status, body=body):
            return
        stage.fake.disarm()


def refuse(stage: Stage, *, status: int, body: Fault) -> None:
    """Refuse with one status, once and several times in a row."""
    judge(stage, status=status, body=body)
    refresh_after_several(stage, {"status": status, **body})


def judge(stage: Stage, *, status: int, body: Fault) -> bool:
    """Refresh while the gateway refuses, and again afterwards; tell whether it may go on."""
    refresh_token = stage.client.seed(expired=True)["refresh_token"]
    stage.fake.arm_keys({"on": "token.refresh_token", "status": status, **body})
    outcome = use(stage)
    stage.check_kind("kind", outcome, *kinds_of_refusal(status))
    check_holds(stage, "tokens-kept", refresh_token, outcome)
    may_stay = may_be(outcome.kind, Kind.CONFIG_ERROR)
    return may_stay or check_recovers(stage, "recovers", outcome)


CASE = Case(
    id="D07",
    name="refresh/refused-by-gateway",
    level=Level.ROBUST,
    severity=1,
    requirement="a 4xx that is no OAuth error never logs the user out",
    source="RFC 6749, section 5.2; bitwarden/mobile#2156",
    injects="every 4xx but 407 and 429, with HTML, with JSON:API and without a body, at a refresh",
    observes="reported kind, stored token",
    checks={
        "kind": "the answer is reported as one that the client can make nothing of",
        "tokens-kept": "the stored tokens are kept, and not flagged as dead",
        "recovers": "when the gateway lets it through again, the client goes on without a human",
        RECOVERS: REQUIREMENT,
    },
    needs=("seed", "refresh=auto|explicit"),
    variants=(
        *(
            Variant(name=f"{status}-{form}", play=partial(refuse, status=status, body=body))
            for status in STATUSES
            for form, body in BODIES.items()
        ),
        Variant(name="others", play=refuse_otherwise),
    ),
)

"""D06: the client's registration or request is wrong; the tokens are not."""

from functools import partial

from ..driving.kinds import Kind
from ..steps.recovering import RECOVERS, REQUIREMENT, refresh_after_several
from ..steps.stored import check_holds
from ..steps.using import check_recovers, use
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

CODES = (
    "invalid_client",
    "invalid_request",
    "invalid_scope",
    "unauthorized_client",
    "unsupported_grant_type",
)


def play(stage: Stage, *, error: str) -> None:
    """Refresh while the server refuses the client, and when somebody has mended that."""
    refresh_token = stage.client.seed(expired=True)["refresh_token"]
    stage.fake.arm("token.refresh_token", "oauth_error", error=error)
    outcome = use(stage)
    stage.check_kind("kind", outcome, Kind.CONFIG_ERROR)
    check_holds(stage, "tokens-kept", refresh_token, outcome)
    check_recovers(stage, "recovers", outcome)
    refresh_after_several(stage, {"fault": "oauth_error", "error": error})


CASE = Case(
    id="D06",
    name="refresh/config-error",
    level=Level.ROBUST,
    severity=2,
    requirement="an error of the client's configuration is reported as one, and costs no tokens",
    source="RFC 6749, section 5.2; Shopify/hydrogen#3916, trivago/Heimdallr.swift#39",
    injects="`invalid_client` and the other errors that no user can mend, at a refresh",
    observes="reported kind, stored token",
    checks={
        "kind": "an error of the configuration is reported as one",
        "tokens-kept": "the stored tokens are kept, and not flagged as dead",
        "recovers": "when the configuration is mended, the client goes on without a human",
        RECOVERS: REQUIREMENT,
    },
    needs=("seed", "refresh=auto|explicit"),
    variants=tuple(Variant(name=code, play=partial(play, error=code)) for code in CODES),
)

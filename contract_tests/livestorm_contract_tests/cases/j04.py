"""J04: an error changes nothing in the store."""

from ..driving.messages import StoredToken
from ..steps.using import use
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

ERRORS: dict[str, dict[str, object]] = {
    **{
        code: {"fault": "oauth_error", "error": code}
        for code in ("invalid_client", "invalid_request", "invalid_scope", "unauthorized_client")
    },
    "invalid_grant": {"fault": "oauth_error", "error": "invalid_grant"},
    "jsonapi-400": {"fault": "api_error", "status": 400},
    "jsonapi-403": {"fault": "api_error", "status": 403},
    "429": {"fault": "rate_limited", "retry_after": "60"},
    "html-403": {"fault": "html_page", "status": 403},
    "html-502": {"fault": "html_page", "status": 502},
    "empty-401": {"fault": "answer", "status": 401},
    "error-200": {"fault": "token_body", "variant": "error_200"},
    "html-200": {"fault": "html_page", "status": 200},
    "cut-json": {"fault": "truncated_json"},
    "reset": {"fault": "reset"},
}


def play(stage: Stage) -> None:
    """Refresh, and get an error."""
    stage.client.seed(expired=True)
    before = stage.client.do("state").reply
    stage.fake.arm_keys({"on": "token.refresh_token", **stage.given})
    outcome = use(stage)
    after = stage.client.do("state").reply
    if stage.variant == "invalid_grant":
        stage.check("nothing-new", is_left_of(after.token, before.token), outcome)
        return
    stage.check("store-unchanged", after.token == before.token, outcome)
    stage.check("not-flagged", not after.needs_reauth, outcome)


def is_left_of(after: StoredToken | None, before: StoredToken | None) -> bool:
    """Tell whether each token is the one from before, or was dropped."""
    if after is None or before is None:
        return after is None
    return after.access_token in (None, before.access_token) and after.refresh_token in (
        None,
        before.refresh_token,
    )


CASE = Case(
    id="J04",
    name="durability/error",
    level=Level.MUST,
    severity=1,
    requirement="an error of the token endpoint leaves the stored tokens as they are",
    source="INV-2",
    injects="errors of all forms as the answer to a refresh",
    observes="stored token",
    checks={
        "store-unchanged": "tokens that were stored stay what they were",
        "nothing-new": "after `invalid_grant` tokens are what they were, or dropped",
        "not-flagged": "an error other than `invalid_grant` does not end the grant",
    },
    needs=("seed", "state"),
    variants=tuple(Variant(name=name, given=fault) for name, fault in ERRORS.items()),
    play=play,
)

"""J04: an error changes nothing in the store."""

from collections.abc import Mapping
from functools import partial

from ..driving.messages import StoredToken
from ..fake.control import Fault
from ..steps.using import use
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

ENDS: Mapping[str, Fault] = {
    "invalid_grant": {"fault": "oauth_error", "error": "invalid_grant"},
    # It has this code, which may be read whatever the status is (C10).
    "error-200": {"fault": "token_body", "variant": "error_200"},
}
CODES = ("invalid_client", "invalid_request", "invalid_scope", "unauthorized_client")
OTHERS: Mapping[str, Fault] = {
    "jsonapi-400": {"fault": "api_error", "status": 400},
    "jsonapi-403": {"fault": "api_error", "status": 403},
    "429": {"fault": "rate_limited", "retry_after": "60"},
    "html-403": {"fault": "html_page", "status": 403},
    "html-502": {"fault": "html_page", "status": 502},
    "empty-401": {"fault": "answer", "status": 401},
    "html-200": {"fault": "html_page", "status": 200},
    "cut-json": {"fault": "truncated_json"},
    "reset": {"fault": "reset"},
}


def play(stage: Stage, *, fault: Fault, ends_grant: bool = False) -> None:
    """Refresh, and get an error."""
    stage.client.seed(expired=True)
    before = stage.client.do("state").reply
    stage.fake.arm_keys({"on": "token.refresh_token", **fault})
    outcome = use(stage)
    after = stage.client.do("state").reply
    if ends_grant:
        stage.check("nothing-new", is_left_of(after.token, before.token), outcome)
        return
    stage.check("store-unchanged", after.token == before.token, outcome)
    stage.check("not-flagged", not after.needs_reauth, outcome)


def oauth(code: str) -> Fault:
    """Answer with an OAuth error."""
    return {"fault": "oauth_error", "error": code}


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
    variants=(
        *(Variant(name=code, play=partial(play, fault=oauth(code))) for code in CODES),
        *(
            Variant(name=name, play=partial(play, fault=fault, ends_grant=True))
            for name, fault in ENDS.items()
        ),
        *(Variant(name=name, play=partial(play, fault=fault)) for name, fault in OTHERS.items()),
    ),
)

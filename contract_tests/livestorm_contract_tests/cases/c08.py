"""C08: an `error` that is no text is an answer that can't be read, not a crash."""

import json
from functools import partial

from ..steps.exchanges import REFUSAL
from ..steps.stored import STORE_UNCHANGED, check_unchanged, connected_before
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, error: object) -> None:
    """Connect again while the exchange is refused in an odd form."""
    before = connected_before(stage)
    body = json.dumps({"error": error})
    content_type = "application/json"
    stage.fake.arm(
        "token.authorization_code", "answer", status=400, content_type=content_type, body=body
    )
    outcome = stage.client.connect()
    stage.check_kind("kind", outcome, *REFUSAL)
    stage.check("readable", "[object Object]" not in outcome.told_text, outcome)
    check_unchanged(stage, before, outcome)


CASE = Case(
    id="C08",
    name="exchange/odd-error",
    level=Level.ROBUST,
    severity=3,
    requirement="an error member of any JSON type is a refusal that is reported readably",
    source="ruby-oauth/oauth2#9; omniauth/omniauth-oauth2#81",
    injects="400 with an error that is an object, a list, a number or null",
    observes="reported kind and error, stored token",
    checks={
        "kind": "an error that is no text is reported as a refusal",
        "readable": 'the error that is reported is no "[object Object]"',
        "store-unchanged": STORE_UNCHANGED,
    },
    needs=("begin", "callback"),
    variants=(
        Variant(
            name="object",
            play=partial(play, error={"code": "invalid_grant", "message": "Gone."}),
        ),
        Variant(name="list", play=partial(play, error=["invalid_grant"])),
        Variant(name="number", play=partial(play, error=42)),
        Variant(name="null", play=partial(play, error=None)),
    ),
)

"""C10: a 200 with an `error` is a failure, and it says which."""

import json
from functools import partial

from ..driving.kinds import Kind
from ..steps.exchanges import check_told, drawn_members
from ..steps.secrets import NOT_SHOWN, check_not_shown
from ..steps.stored import STORE_UNCHANGED, check_unchanged, connected_before
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, beside_tokens: bool) -> None:
    """Connect while the exchange fails with 200."""
    before = connected_before(stage)
    members: dict[str, object] = {"error": "invalid_scope"}
    if beside_tokens:
        members = {**drawn_members(stage), **members}
    stage.fake.arm(
        "token.authorization_code",
        "answer",
        content_type="application/json",
        body=json.dumps(members),
    )
    outcome = stage.client.connect()
    stage.check_kind("kind", outcome, Kind.PROTOCOL_ERROR, Kind.CONFIG_ERROR)
    check_told(stage, "code-told", outcome, "invalid_scope")
    check_unchanged(stage, before, outcome)
    check_not_shown(stage, outcome)


CASE = Case(
    id="C10",
    name="exchange/error-200",
    level=Level.ROBUST,
    severity=1,
    requirement="an answer with an error is a failure whatever its status; its code is reported",
    source="INV-1; INV-6; golang/oauth2#274, #441; coreos/go-oidc#26",
    injects="200 with an error, alone and beside tokens",
    observes="reported kind and error, stored token, standard error",
    checks={
        "kind": "an answer with an error is reported as a failure",
        "code-told": "the error that is reported shows the server's code",
        "store-unchanged": STORE_UNCHANGED,
        "not-shown": NOT_SHOWN,
    },
    levels={"not-shown": Level.MUST},
    needs=("begin", "callback"),
    variants=(
        Variant(name="alone", play=partial(play, beside_tokens=False)),
        Variant(name="beside-tokens", play=partial(play, beside_tokens=True)),
    ),
)

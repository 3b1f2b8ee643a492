"""C07: an OAuth error is told by its code, whatever stands beside it."""

import json
from collections.abc import Mapping, Sequence
from functools import partial

from ..driving.kinds import Kind
from ..steps.exchanges import REFUSAL, check_told
from ..steps.stored import STORE_UNCHANGED, check_unchanged, connected_before
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, members: Mapping[str, str], kinds: Sequence[Kind]) -> None:
    """Connect again while the exchange is refused."""
    before = connected_before(stage)
    stage.fake.arm(
        "token.authorization_code",
        "answer",
        status=400,
        content_type="application/json; charset=utf-8",
        body=json.dumps(members),
    )
    outcome = stage.client.connect()
    stage.check_kind("kind", outcome, *kinds)
    check_told(stage, "code-told", outcome, members["error"])
    stage.check("not-repeated", len(outcome.token_requests) <= 1, outcome)
    check_unchanged(stage, before, outcome)


CASE = Case(
    id="C07",
    name="exchange/sparse-error",
    level=Level.MUST,
    severity=3,
    requirement="the error code is reported; one that is unknown is a refusal like others",
    source="RFC 6749, sections 5.2 and 8.5",
    injects="errors without error_description, with error_uri, with an unknown code",
    observes="reported kind and error, journal, stored token",
    checks={
        "kind": "an error is reported by its code, an unknown one as a refusal",
        "code-told": "the error that is reported shows the server's code",
        "not-repeated": "the refused request is not repeated",
        "store-unchanged": STORE_UNCHANGED,
    },
    needs=("begin", "callback"),
    variants=(
        Variant(
            name="no-description",
            play=partial(play, members={"error": "invalid_grant"}, kinds=[Kind.REAUTH_REQUIRED]),
        ),
        Variant(
            name="uri",
            play=partial(
                play,
                members={"error": "invalid_scope", "error_uri": "https://example.test/e"},
                kinds=[Kind.CONFIG_ERROR],
            ),
        ),
        Variant(
            name="unknown",
            play=partial(
                play,
                members={"error": "tea_time", "error_description": "Later."},
                kinds=REFUSAL,
            ),
        ),
    ),
)

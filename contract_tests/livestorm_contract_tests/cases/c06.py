"""C06: a refused code and refused credentials are told apart, and neither is tried again."""

from functools import partial

from ..driving.kinds import Kind
from ..steps.stored import STORE_UNCHANGED, check_unchanged, connected_before
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, error: str, kind: Kind) -> None:
    """Connect while the code or the client is refused."""
    before = connected_before(stage)
    stage.fake.arm("token.authorization_code", "oauth_error", error=error)
    outcome = stage.client.connect()
    stage.check_kind("kind", outcome, kind)
    stage.check("no-loop", len(outcome.token_requests) <= 1, outcome)
    if error == "invalid_client":
        prompted = any(one.get("event") == "reauth_prompt" for one in stage.client.events)
        stage.check("no-prompt", not prompted, outcome)
    check_unchanged(stage, before, outcome)


CASE = Case(
    id="C06",
    name="exchange/refused",
    level=Level.SHOULD,
    severity=2,
    requirement="a refused code needs a human, refused credentials need other settings",
    source="RFC 6749, section 5.2",
    injects="invalid_grant with 400, invalid_client with 401 and WWW-Authenticate",
    observes="reported kind, journal, events, stored token",
    checks={
        "kind": "invalid_grant is reported as a matter of the user, invalid_client of settings",
        "no-loop": "the refused request is not repeated",
        "no-prompt": "no user is asked to connect again because the client is refused",
        "store-unchanged": STORE_UNCHANGED,
    },
    needs=("begin", "callback"),
    variants=tuple(
        Variant(name=error, play=partial(play, error=error, kind=kind))
        for error, kind in (
            ("invalid_grant", Kind.REAUTH_REQUIRED),
            ("invalid_client", Kind.CONFIG_ERROR),
        )
    ),
)

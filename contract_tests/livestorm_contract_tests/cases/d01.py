"""D01: the provider rotates the refresh token each time; the newest is the one to use."""

from ..driving.kinds import Kind
from ..steps.stored import check_holds
from ..steps.using import newest_refresh_token, use, use_expired
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

TIMES = 3


def play(stage: Stage) -> None:
    """Let the tokens expire several times."""
    newest = stage.client.seed(expired=True)["refresh_token"]
    for turn in range(TIMES):
        outcome = use_expired(stage) if turn else use(stage)
        sent = {one.refresh_token for one in outcome.token_requests}
        stage.check_kind("works", outcome, Kind.OK)
        stage.check("newest-sent", sent <= {newest}, outcome)
        newest = newest_refresh_token(stage, newest)
        check_holds(stage, "newest-stored", newest, outcome)


CASE = Case(
    id="D01",
    name="refresh/rotated-each-time",
    level=Level.MUST,
    severity=1,
    requirement="the next refresh uses the newest refresh token",
    source="RFC 6749, section 6; n8n-io/n8n#25926, airbytehq/airbyte#3990",
    injects="a new refresh token with each refresh; the old one is dead, or kills the family",
    observes="journal, reported kind, stored token",
    checks={
        "works": "one refresh after the other succeeds",
        "newest-sent": "the refresh token that is sent is the newest that came",
        "newest-stored": "the newest refresh token is stored",
    },
    needs=("seed", "refresh=auto|explicit"),
    variants=tuple(
        Variant(name=mode, provider={"rotation": mode}) for mode in ("instant", "family", "on_use")
    ),
    play=play,
)

"""D01: the provider rotates the refresh token each time; the newest is the one to use."""

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.stored import check_holds
from ..steps.using import newest_refresh_token, use, use_expired
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

TIMES = 3


def play(stage: Stage) -> None:
    """Let the tokens expire several times, then refresh on command what has not expired."""
    newest = stage.client.seed(expired=True)["refresh_token"]
    newest = judge(stage, use(stage), newest)
    for _ in range(TIMES - 1):
        newest = judge(stage, use_expired(stage), newest)
    if stage.client.can("refresh"):
        judge(stage, stage.client.refresh(), newest)


def judge(stage: Stage, outcome: Outcome, newest: str) -> str:
    """Judge a refresh that had `newest` to send; give the refresh token that is then the newest."""
    sent = {one.refresh_token for one in outcome.token_requests}
    stage.check_kind("works", outcome, Kind.OK)
    is_sent = sent == {newest} or (not sent and outcome.kind is not Kind.OK)
    stage.check("newest-sent", is_sent, outcome)
    newest = newest_refresh_token(stage, newest)
    check_holds(stage, "newest-stored", newest, outcome)
    return newest


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
        "newest-sent": "the newest refresh token is sent, by a client that says it has refreshed",
        "newest-stored": "the newest refresh token is stored",
    },
    needs=("seed", "refresh=auto|explicit"),
    variants=tuple(
        Variant(name=mode, provider={"rotation": mode}) for mode in ("instant", "family", "on_use")
    ),
    play=play,
)

"""D02: a refresh brings no new refresh token; the old one goes on working."""

from ..driving.kinds import Kind
from ..steps.stored import check_holds
from ..steps.using import use, use_expired
from ..suite.case import Case
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Refresh twice, without ever getting another refresh token."""
    refresh_token = stage.client.seed(expired=True)["refresh_token"]
    stage.fake.arm("token.refresh_token", "token_fields", drop=["refresh_token"])
    first = use(stage)
    stage.check_kind("accepted", first, Kind.OK)
    check_holds(stage, "kept", refresh_token, first)
    second = use_expired(stage)
    sent = {one.refresh_token for one in second.token_requests}
    stage.check("sent-again", sent == {refresh_token} and second.kind is Kind.OK, second)


CASE = Case(
    id="D02",
    name="refresh/refresh-token-omitted",
    level=Level.MUST,
    severity=1,
    requirement="where a refresh brings no refresh token, the old one is kept and used again",
    source="RFC 6749, section 6; Kong/insomnia#1492, modelcontextprotocol/python-sdk#2270",
    injects="token answers to a refresh without `refresh_token`",
    observes="journal, reported kind, stored token",
    checks={
        "accepted": "a refresh that brings no refresh token is a success",
        "kept": "the refresh token that was sent stays stored",
        "sent-again": "the next refresh sends the same refresh token, and succeeds",
    },
    needs=("seed", "refresh=auto|explicit"),
    provider={"rotation": "never"},
    play=play,
)

"""D03: a refresh brings an empty refresh token, null, or the same again."""

from collections.abc import Mapping
from functools import partial

from ..driving.kinds import Kind
from ..steps.stored import check_holds
from ..steps.using import use, use_expired
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, change: Mapping[str, object]) -> None:
    """Refresh twice, the first time with an odd refresh token in the answer."""
    refresh_token = stage.client.seed(expired=True)["refresh_token"]
    stage.fake.arm("token.refresh_token", "token_fields", times=1, **change)
    first = use(stage)
    stage.check_kind("accepted", first, Kind.OK)
    check_holds(stage, "kept", refresh_token, first)
    second = use_expired(stage)
    sent = {one.refresh_token for one in second.token_requests}
    stage.check("sent-again", sent == {refresh_token} and second.kind is Kind.OK, second)


CASE = Case(
    id="D03",
    name="refresh/refresh-token-empty",
    level=Level.ROBUST,
    severity=1,
    requirement="an empty refresh token never replaces one that works, nor does the same lose it",
    source="neondatabase/mcp-server-neon#209",
    injects='`"refresh_token": ""`, null, or the value that was sent',
    observes="journal, reported kind, stored token",
    checks={
        "accepted": "the refresh is a success",
        "kept": "the refresh token that was sent stays stored",
        "sent-again": "the next refresh sends the same refresh token, and succeeds",
    },
    needs=("seed", "refresh=auto|explicit"),
    provider={"rotation": "never"},
    variants=(
        Variant(name="empty", play=partial(play, change={"set": {"refresh_token": ""}})),
        Variant(name="null", play=partial(play, change={"null": ["refresh_token"]})),
        Variant(name="same", play=partial(play, change={"echo": ["refresh_token"]})),
    ),
)

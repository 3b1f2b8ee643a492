"""J01: the newest refresh token survives a restart."""

from functools import partial

from ..driving.kinds import Kind
from ..fake.journal import refreshes
from ..steps.using import use
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, how: str) -> None:
    """Refresh, restart the client, and refresh again."""
    old = stage.client.seed(expired=True)
    first = use(stage)
    stage.client.restart(how)
    again = stage.client.refresh()
    stage.check_kind("works", again, Kind.OK)
    sent = [one.refresh_token for one in refreshes(again.exchanges)]
    newest = bool(sent) and old["refresh_token"] not in sent
    stage.check("newest-refresh-token", newest, first, again)


CASE = Case(
    id="J01",
    name="durability/restart",
    level=Level.MUST,
    severity=1,
    requirement="after a restart the newest refresh token is used",
    source="RFC 6749, section 6; INV-10",
    injects="the end of the process after a refresh",
    observes="journal, reported kind",
    checks={
        "works": "after a restart the client refreshes as before",
        "newest-refresh-token": "after a restart the newest refresh token is sent",
    },
    needs=("seed", "refresh", "restart", "persist=file"),
    variants=tuple(Variant(name=how, play=partial(play, how=how)) for how in ("kill", "stop")),
)

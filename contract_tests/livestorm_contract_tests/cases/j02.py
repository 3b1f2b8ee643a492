"""J02: a kill at any moment of a refresh leaves the old pair or the new one."""

import json
import time

from ..adapter import Kind, fingerprint
from ..control import TokenPair
from ..suite.case import Case, Level, Variant
from ..suite.client import Unsupported
from ..suite.refreshing import (
    LONGEST_HOLD,
    needs_process,
    refreshes,
    start_refresh,
    state_of,
    wait_for_hits,
)
from ..suite.stage import Stage


def play(stage: Stage) -> None:
    """Kill the client before, at or after the saving of a refreshed pair, and start it again."""
    needs_process(stage)
    old = stage.seed(expired=True)
    seen = len(stage.client.events)
    saved = _kill_while_refreshing(stage, seen)
    stage.client.restart("kill")
    state = state_of(stage)
    if state is not None:
        whole = state.kind is Kind.OK and state.token is not None
        stage.check("store-whole", whole)
        if state.token is not None:
            held = (state.token.access_token, state.token.refresh_token)
            stage.check("pair-together", held in _pairs(stage, old))
    outcome = start_refresh(stage.client).finish()
    stage.check_kind("works", outcome, Kind.OK, *() if saved else (Kind.REAUTH_REQUIRED,))
    if saved:
        sent = [one.refresh_token for one in refreshes(outcome.exchanges)]
        stage.check("no-superseded-token", old["refresh_token"] not in sent, outcome)


def _kill_while_refreshing(stage: Stage, seen: int) -> bool:
    """Kill at the variant's moment; tell whether the pair was said to be saved."""
    if stage.variant.name == "before-answer":
        held = stage.arm("token.refresh_token", "barrier", phase="after", seconds=LONGEST_HOLD)
        start_refresh(stage.client)
        wait_for_hits(stage, held, 1)
    elif stage.variant.name == "after-answer":
        since = stage.last_seq()
        start_refresh(stage.client)
        stage.sandbox.wait_for_exchange("token", since=since)
    else:
        start_refresh(stage.client)
        _wait_until_saved(stage, seen)
    saved = _has_saved(stage, seen)
    stage.client.carrier.kill()
    stage.disarm()
    return saved


def _wait_until_saved(stage: Stage, seen: int) -> None:
    ends_at = time.monotonic() + LONGEST_HOLD
    while not _has_saved(stage, seen):
        if time.monotonic() > ends_at:
            raise Unsupported("event token_saved")
        time.sleep(0.002)


def _has_saved(stage: Stage, seen: int) -> bool:
    return any(one.get("event") == "token_saved" for one in stage.client.events[seen:])


def _pairs(stage: Stage, old: TokenPair) -> list[tuple[str, str]]:
    answers = [json.loads(one.body) for one in refreshes(stage.exchanges()) if one.status == 200]
    pairs = [(old["access_token"], old["refresh_token"])]
    pairs += [(one["access_token"], one["refresh_token"]) for one in answers]
    return [(fingerprint(access), fingerprint(refresh)) for access, refresh in pairs]


CASE = Case(
    id="J02",
    name="durability/kill",
    level=Level.ROBUST,
    severity=1,
    requirement="a kill at any moment leaves the old pair or the new one, whole",
    source="INV-10",
    injects="SIGKILL before the token answer, right after it, and after it was saved",
    observes="journal, stored token",
    checks={
        "store-whole": "the store can be read after a kill",
        "pair-together": "access and refresh token in the store belong together",
        "works": "after a kill the client works; it may ask for a human only if nothing was saved",
        "no-superseded-token": "a refresh token that was replaced and saved is not sent again",
    },
    needs=("seed", "restart", "persist=file"),
    variants=tuple(Variant(name=name) for name in ("before-answer", "after-answer", "after-save")),
    play=play,
)

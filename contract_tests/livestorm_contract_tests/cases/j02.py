"""J02: a kill at any moment of a refresh leaves the old pair or the new one."""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from ..driving.kinds import Kind, fingerprint
from ..driving.messages import StoredToken
from ..fake.control import TokenPair
from ..fake.journal import refreshes
from ..steps.holding import LONGEST_HOLD, wait_for_hits
from ..steps.process import process_id
from ..steps.using import refreshes_on_call, start_using
from ..suite.case import Case, Variant
from ..suite.driver import Unsupported
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, refresh: Callable[[Stage], bool]) -> None:
    """Kill the client while it refreshes or afterwards, and start it again.

    `refresh` comes back at that moment, and tells whether the pair has to be found again.
    """
    process_id(stage)
    old = stage.client.seed(expired=True)
    seen = len(stage.client.events)
    saved = refresh(stage) or _has_saved(stage, seen)
    stage.client.carrier.kill()
    stage.fake.disarm()
    stage.client.restart("kill")
    state = stage.client.state()
    if state is not None:
        whole = state.kind is Kind.OK and state.token is not None
        stage.check("store-whole", whole)
        if state.token is not None:
            stage.check("pair-together", _belongs_together(stage, old, state.token))
    outcome = start_using(stage.client).finish()
    stage.check_kind("works", outcome, Kind.OK, *() if saved else (Kind.REAUTH_REQUIRED,))
    if saved:
        sent = [one.refresh_token for one in refreshes(outcome.exchanges)]
        stage.check("no-superseded-token", old["refresh_token"] not in sent, outcome)


def _until_answer(stage: Stage) -> bool:
    """Refresh until the server is about to answer."""
    _hold(stage, "token.refresh_token", phase="after")
    return False


def _after_answer(stage: Stage) -> bool:
    """Refresh until the answer has come."""
    since = stage.fake.last_seq()
    start_using(stage.client)
    stage.fake.wait_for_exchange("token", since=since)
    return False


def _while_saving(stage: Stage, *, changes: int) -> bool:
    """Refresh until the store's folder has changed so often, or the client is done."""
    held = _hold(stage, "token.refresh_token", phase="after")
    seen = _look(stage)
    stage.fake.release(held)
    ends_at = time.monotonic() + LONGEST_HOLD
    while changes and stage.client.is_busy and time.monotonic() < ends_at:
        if (now := _look(stage)) != seen:
            seen, changes = now, changes - 1
    return not stage.client.is_busy and refreshes_on_call(stage.client)


def _until_request(stage: Stage, *, phase: str) -> bool:
    """Refresh until the new token is used, which says that the pair is saved. Raises Unsupported.

    The API has answered in the phase `after`, and not even seen the token in the phase `before`.
    """
    if not refreshes_on_call(stage.client):
        raise Unsupported("a call that refreshes")
    _hold(stage, "api", phase=phase)
    return True


def _hold(stage: Stage, on: str, *, phase: str) -> str:
    """Use the tokens until a request is held there; give the fault that holds it."""
    held = stage.fake.arm(on, "barrier", phase=phase, seconds=LONGEST_HOLD)
    start_using(stage.client)
    wait_for_hits(stage, held, 1)
    return held


def _look(stage: Stage) -> list[tuple[str, int, int]]:
    """Give the files of the store, with what tells that one was written."""
    found = []
    for path in stage.client.config.store_dir.rglob("*"):
        with suppress(FileNotFoundError):
            status = path.stat()
            found.append((str(path), status.st_size, status.st_mtime_ns))
    return sorted(found)


def _until_saved(stage: Stage) -> bool:
    """Refresh until the pair is said to be saved.

    A client that sends no event says so by its next request (INV-10). Raises Unsupported.
    """
    seen = len(stage.client.events)
    running = start_using(stage.client)
    ends_at = time.monotonic() + LONGEST_HOLD
    while not running.pending.done() and not _has_saved(stage, seen):
        if time.monotonic() > ends_at:
            raise Unsupported("event token_saved")
        time.sleep(0.002)
    if _has_saved(stage, seen):
        return True
    outcome = stage.client.call()
    if not any(one.status == 200 for one in outcome.api_requests):
        raise Unsupported("event token_saved")
    return True


def _has_saved(stage: Stage, seen: int) -> bool:
    return any(one.get("event") == "token_saved" for one in stage.client.events[seen:])


def _belongs_together(stage: Stage, old: TokenPair, token: StoredToken) -> bool:
    """Tell whether a pair is the expired one, or a refreshed one that is good for some time."""
    answers = [one.granted for one in refreshes(stage.fake.exchanges()) if one.granted]
    pairs = [(one["access_token"], one["refresh_token"]) for one in (old, *answers)]
    named = [(fingerprint(str(access)), fingerprint(str(refresh))) for access, refresh in pairs]
    held = (token.access_token, token.refresh_token)
    if held not in named or token.expires_at is None:
        return held in named
    is_over = token.expires_at <= stage.fake.read_clock()
    return is_over == (held == named[0])


CASE = Case(
    id="J02",
    name="durability/kill",
    level=Level.ROBUST,
    severity=1,
    requirement="a kill at any moment leaves the old pair or the new one, whole",
    source="INV-10",
    injects="SIGKILL before the token answer, right after it, at each write, after it was saved, "
    "at the next request and before its answer",
    observes="journal, stored token",
    checks={
        "store-whole": "the store can be read after a kill",
        "pair-together": "access token, refresh token and expiry in the store belong together",
        "works": "after a kill the client works; it may ask for a human only if the pair was "
        "neither saved nor used",
        "no-superseded-token": "a refresh token that was replaced and saved is not sent again",
    },
    needs=("seed", "restart", "persist=file"),
    variants=(
        Variant(name="before-answer", play=partial(play, refresh=_until_answer)),
        Variant(name="after-answer", play=partial(play, refresh=_after_answer)),
        *(
            Variant(
                name=f"write {changes}",
                play=partial(play, refresh=partial(_while_saving, changes=changes)),
            )
            for changes in (1, 2)
        ),
        Variant(name="after-save", play=partial(play, refresh=_until_saved)),
        *(
            Variant(name=name, play=partial(play, refresh=partial(_until_request, phase=phase)))
            for name, phase in (("next-request", "before"), ("next-answer", "after"))
        ),
    ),
)

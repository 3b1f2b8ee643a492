"""J03: a store that can't be written costs no refresh token."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Final

from ..driving.carrier import Crash
from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..fake.journal import refreshes
from ..steps.holding import LONGEST_HOLD, wait_for_hits
from ..steps.process import files_limited
from ..steps.using import start_using, use
from ..suite.case import Case, Variant
from ..suite.driver import Unsupported
from ..suite.stage import Stage
from ..suite.verdicts import Level

SIGXFSZ: Final = 25
"""The number is the same on Linux and macOS; other systems have no such limit."""
A_LITTLE = 64
"""Bytes: enough for a file that only tries whether there is room, and for no tokens."""


@contextmanager
def gone(stage: Stage) -> Iterator[None]:
    """Put a file in the place of the store's folder.

    Permissions would not stop a client that runs as root.
    """
    store_dir = stage.client.config.store_dir
    aside = store_dir.with_name(f"{store_dir.name}-aside")
    store_dir.rename(aside)
    store_dir.touch()
    try:
        yield
    finally:
        store_dir.unlink()
        aside.rename(store_dir)


@contextmanager
def full(stage: Stage, *, room: int) -> Iterator[None]:
    """Leave so many bytes for each file: the store can be read, and not written.

    Raises Unsupported, also where the limit's signal ends the process, as no full disk does.
    """
    with files_limited(stage, room):
        try:
            yield
        except Crash as crash:
            # Where nobody ignores the signal the kernel kills by it, and Go's runtime names it.
            if f"signal {SIGXFSZ:d}" in str(crash) or b"SIGXFSZ" in stage.client.printed():
                raise Unsupported("a file size limit") from crash
            raise


def refresh(stage: Stage, *, broken: Callable[[Stage], AbstractContextManager[None]]) -> None:
    """Refresh while the store can't be written, and again when it can."""
    stage.client.seed(expired=True)
    with broken(stage):
        outcome = use(stage)
    stage.check_kind("kind", outcome, Kind.CONFIG_ERROR)
    stage.check("refresh-token-unspent", not refreshes(outcome.exchanges), outcome)
    stage.check_kind("works-after", use(stage), Kind.OK)


def restart(stage: Stage, *, room: int) -> None:
    """Refresh while there is no room, and again after a restart."""
    stage.client.seed(expired=True)
    with full(stage, room=room):
        outcome = use(stage)
    stage.check_kind("kind", outcome, Kind.CONFIG_ERROR)
    stage.check("refresh-token-unspent", not refreshes(outcome.exchanges), outcome)
    spent = {one.refresh_token for one in refreshes(outcome.exchanges) if one.status == 200}
    stage.client.restart("kill")
    again = use(stage)
    sent = {one.refresh_token for one in refreshes(again.exchanges)}
    stage.check("spent-not-sent", not spent & sent, outcome, again)
    stage.check_kind("works-after", again, Kind.OK, *[Kind.REAUTH_REQUIRED] if spent else [])


def connect(stage: Stage) -> None:
    """Finish a flow while there is no room for its tokens."""
    url = stage.client.obtain_callback()
    with full(stage, room=0):
        outcome = stage.client.callback(url)
    stage.check_kind("kind", outcome, Kind.CONFIG_ERROR)
    stage.check_kind("works-after", stage.client.connect(), Kind.OK)


def break_meanwhile(stage: Stage) -> None:
    """Break the store when the refresh token is spent, as a failing fsync or rename does.

    A client may have its files open, and save for all that.
    """
    old = stage.client.seed(expired=True)["refresh_token"]
    held = stage.fake.arm("token.refresh_token", "barrier", phase="after", seconds=LONGEST_HOLD)
    running = start_using(stage.client)
    wait_for_hits(stage, held, 1)
    with gone(stage):
        stage.fake.release(held)
        outcome = running.finish()
    stage.fake.disarm()
    check_saved(stage, old, outcome)


def check_saved(stage: Stage, old: str, outcome: Outcome) -> None:
    """Check that what was reported as a success survives a restart."""
    stage.client.restart("kill")
    again = stage.client.refresh()
    sent = {one.refresh_token for one in refreshes(again.exchanges)}
    is_saved = old not in sent and again.kind is Kind.OK
    stage.check("ok-means-saved", outcome.kind is not Kind.OK or is_saved, outcome, again)


CASE = Case(
    id="J03",
    name="durability/store-broken",
    level=Level.ROBUST,
    severity=1,
    requirement="a client that can't save says so, before it spends its refresh token",
    source="stacklok/toolhive#5636",
    injects="a store that can't be read or written, has no room, or breaks during a refresh",
    observes="reported kind, journal",
    checks={
        "kind": "a store that can't be written is reported as a configuration error",
        "refresh-token-unspent": "no refresh token is sent while its successor can't be saved",
        "works-after": "with the store back, the client goes on",
        "spent-not-sent": "a refresh token whose successor was not saved is not sent again",
        "ok-means-saved": "what is reported as a success survives a restart",
    },
    levels={"refresh-token-unspent": Level.SHOULD},
    needs=("seed", "persist=file"),
    variants=(
        Variant(name="gone", play=partial(refresh, broken=gone)),
        Variant(name="full", play=partial(refresh, broken=partial(full, room=0))),
        Variant(name="full, restarted", play=partial(restart, room=0)),
        Variant(name="nearly full, restarted", play=partial(restart, room=A_LITTLE)),
        Variant(name="full at a connection", play=connect),
        Variant(name="breaks meanwhile", play=break_meanwhile),
    ),
)

"""J03: a store that can't be written costs no refresh token."""

from ..driving.kinds import Kind
from ..steps.refreshing import refresh_anyhow, refreshes
from ..suite.case import Case, Level
from ..suite.stage import Stage


def play(stage: Stage) -> None:
    """Put a file in the place of the store's folder, refresh, and put the folder back.

    Permissions would not stop a client that runs as root.
    """
    stage.seed(expired=True)
    aside = stage.store_dir.with_name(f"{stage.store_dir.name}-aside")
    stage.store_dir.rename(aside)
    stage.store_dir.touch()
    try:
        outcome = refresh_anyhow(stage)
    finally:
        stage.store_dir.unlink()
        aside.rename(stage.store_dir)
    stage.check_kind("kind", outcome, Kind.CONFIG_ERROR)
    stage.check("refresh-token-unspent", not refreshes(outcome.exchanges), outcome)
    stage.check_kind("works-after", refresh_anyhow(stage), Kind.OK)


CASE = Case(
    id="J03",
    name="durability/store-broken",
    level=Level.ROBUST,
    severity=1,
    requirement="a client that can't save says so, before it spends its refresh token",
    source="stacklok/toolhive#5636",
    injects="a store that can't be read or written",
    observes="reported kind, journal",
    checks={
        "kind": "a store that can't be written is reported as a configuration error",
        "refresh-token-unspent": "no refresh token is sent while its successor can't be saved",
        "works-after": "with the store back, the client goes on",
    },
    levels={"refresh-token-unspent": Level.SHOULD},
    needs=("seed", "persist=file"),
    play=play,
)

"""J03: a store that can't be written costs no refresh token."""

from ..driving.kinds import Kind
from ..fake.journal import refreshes
from ..steps.using import use
from ..suite.case import Case
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Put a file in the place of the store's folder, refresh, and put the folder back.

    Permissions would not stop a client that runs as root.
    """
    stage.client.seed(expired=True)
    store_dir = stage.client.config.store_dir
    aside = store_dir.with_name(f"{store_dir.name}-aside")
    store_dir.rename(aside)
    store_dir.touch()
    try:
        outcome = use(stage)
    finally:
        store_dir.unlink()
        aside.rename(store_dir)
    stage.check_kind("kind", outcome, Kind.CONFIG_ERROR)
    stage.check("refresh-token-unspent", not refreshes(outcome.exchanges), outcome)
    stage.check_kind("works-after", use(stage), Kind.OK)


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

"""J06: what is stored is for its owner only, and the process shows no secret."""

from pathlib import Path

from ..steps.process import process_id
from ..steps.secrets import leaked
from ..suite.case import Case
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Connect, then look at the store's files and at the process."""
    pid = process_id(stage)
    outcome = stage.client.connect()
    files = [path for path in stage.client.config.store_dir.rglob("*") if path.is_file()]
    shown = [path for path in files if path.stat().st_mode & 0o077]
    # Encrypted, a store may be read by anyone.
    open_files = [path.name for path in shown if leaked(stage, path.read_bytes())]
    stage.check("owner-only", not open_files, outcome, told=f"readable: {open_files}")
    told = [Path(f"/proc/{pid}/{name}") for name in ("cmdline", "environ")]
    names = leaked(stage, b"".join(path.read_bytes() for path in told if path.exists()))
    stage.check("not-in-process", not names, outcome, told=f"shown: {names}")


CASE = Case(
    id="J06",
    name="durability/permissions",
    level=Level.SHOULD,
    severity=2,
    requirement="tokens are stored for their owner only, and the process shows no secret",
    source="RFC 6749, section 10.4",
    injects="nothing",
    observes="the store's files, the process",
    checks={
        "owner-only": "a file with tokens can be read by its owner only, or is encrypted",
        "not-in-process": "no secret stands in the arguments or the environment of the process",
    },
    needs=("begin", "callback", "persist=file"),
    play=play,
)

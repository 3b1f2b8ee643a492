"""The client as a process of the machine."""

import re
from contextlib import suppress
from pathlib import Path

from ..driving.carrier import Carrier
from ..suite.driver import Unsupported
from ..suite.stage import Stage

_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)
_FORGET_PEAK = "5"


def process_id(stage: Stage) -> int:
    """Give the client's process id. Raises Unsupported where it runs within the suite."""
    pid = _pid_of(stage.client.carrier)
    if pid is None:
        raise Unsupported("a process of its own")
    return pid


def peak_bytes(carrier: Carrier, *, forget: bool = False) -> int | None:
    """Give the peak of the resident set, None where it can't be read; or forget it first.

    It needs a process and Linux (proc(5)).
    """
    pid = _pid_of(carrier)
    if pid is None:
        return None
    with suppress(OSError):
        if forget:
            Path(f"/proc/{pid}/clear_refs").write_text(_FORGET_PEAK)
        if found := _PEAK.search(Path(f"/proc/{pid}/status").read_text()):
            return int(found[1]) * 1024
    return None


def _pid_of(carrier: Carrier) -> int | None:
    pid = getattr(carrier, "pid", None)
    return None if pid is None else int(pid)

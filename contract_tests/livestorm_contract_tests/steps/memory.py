"""The most memory that a client's process has used."""

import re
from contextlib import suppress
from pathlib import Path

from ..driving.carrier import Carrier

_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)
_FORGET_PEAK = "5"


def peak_bytes(carrier: Carrier, *, forget: bool = False) -> int | None:
    """Give the peak of the resident set, None where it can't be read; or forget it first.

    It needs a process and Linux (proc(5)).
    """
    pid = getattr(carrier, "pid", None)
    if pid is None:
        return None
    with suppress(OSError):
        if forget:
            Path(f"/proc/{pid}/clear_refs").write_text(_FORGET_PEAK)
        if found := _PEAK.search(Path(f"/proc/{pid}/status").read_text()):
            return int(found[1]) * 1024
    return None

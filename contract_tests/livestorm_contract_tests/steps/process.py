"""The client as a process of the machine."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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


@contextmanager
def files_limited(stage: Stage, most: int) -> Iterator[None]:
    """Keep the client from writing files longer than so many bytes, root or not.

    Raises Unsupported where it has no process of its own, or the system no such limit
    (prlimit(2): Linux).
    """
    pids = _family(process_id(stage))
    try:
        import resource
    except ImportError:
        raise Unsupported("a file size limit") from None
    if not hasattr(resource, "prlimit"):
        raise Unsupported("a file size limit")
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids}
    for pid, (_, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        for pid, limits in before.items():
            with suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def _family(pid: int) -> list[int]:
    """Give a process and those that it has started, as far as the system tells."""
    started: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            started += map(int, listed.read_text().split())
    return [pid, *(one for child in started for one in _family(child))]


def _pid_of(carrier: Carrier) -> int | None:
    pid = getattr(carrier, "pid", None)
    return None if pid is None else int(pid)

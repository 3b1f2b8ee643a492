"""Requests that a fault holds, until a case lets them go on."""

import time

from ..suite.driver import Unsupported
from ..suite.stage import Stage

LONGEST_HOLD = 10.0
"""Seconds of real time that a request is waited for or held."""


def wait_for_hits(stage: Stage, fault_id: str, hits: int, *, seconds: float = LONGEST_HOLD) -> None:
    """Wait until a fault has struck so many requests. Raises Unsupported."""
    ends_at = time.monotonic() + seconds * stage.patience
    while stage.fake.count_hits(fault_id) < hits:
        if time.monotonic() > ends_at:
            raise Unsupported(f"{hits} requests at once")
        # The journal, which can be waited for, tells of a request when it has been answered.
        time.sleep(0.005)

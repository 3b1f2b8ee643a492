"""A soak: mixed traffic with faults, and what must stay as it was."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from ..watched import watched
from .traffic import Seen, play

OPTIONS = (
    {"consent": "approve"},
    {"consent": "approve", "release": "5.5", "rotation": "instant"},
    {"consent": "approve", "release": "6.0", "rotation": "grace", "token_format": "jwt"},
    {"consent": "approve", "cors": "token_and_api", "rotation": "never"},
)
"""Provider options of the sandboxes, each with a client."""
WARM = 0.2
"""The part of the time in which journals fill and latencies settle."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Soaked:
    """What a soak showed."""

    seen: Seen
    memory_before: int
    """Bytes after the first part of the time."""
    memory_after: int

    @property
    def latencies(self) -> tuple[float, float]:
        """The median seconds of an undisturbed flow in the first fifth and in the last."""
        taken = self.seen.latencies
        part = max(1, len(taken) // 5)
        return median(taken[:part]), median(taken[-part:])


def soak(seconds: float, *, seed: int, pause: float = 0.0) -> Soaked:
    """Play traffic for so many seconds. Raises AssertionError where the server fails."""
    with tempfile.TemporaryDirectory() as folder, watched(Path(folder)) as server:
        sandboxes = [server.open_sandbox(options) for options in OPTIONS]
        parts: Sequence[float] = (seconds * WARM, seconds * (1 - WARM))
        asyncio.run(play(sandboxes, parts[0], seed=seed, pause=pause))
        before = server.memory()
        seen = asyncio.run(play(sandboxes, parts[1], seed=seed + 1, pause=pause))
        server.check_well()
        return Soaked(seen=seen, memory_before=before, memory_after=server.memory())

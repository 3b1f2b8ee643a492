"""A fault in place: which requests it takes, and how often it did."""

from dataclasses import dataclass, field

from ..exchange import Exchange
from ..randomness import Randomness
from .fault import Fault
from .gate import Gate


@dataclass(kw_only=True)
class ArmedFault:
    """A fault in place, with its counts."""

    id: str
    fault: Fault
    seen: int = 0
    """Matching requests, those that passed included."""
    hits: int = 0
    """Requests that it struck."""
    gate: Gate = field(default_factory=Gate)
    """Where requests wait at a barrier."""

    def __post_init__(self) -> None:
        self._randomness = Randomness(self.fault.seed)

    def release(self) -> None:
        """Let the requests that wait at a barrier go on; any thread may call it."""
        self.gate.open()

    def takes(self, exchange: Exchange, label: str) -> bool:
        """Count a request; tell whether the fault strikes it."""
        fault = self.fault
        spent = fault.times is not None and self.hits >= fault.times
        if spent or not fault.covers(label) or not fault.when.holds(exchange):
            return False
        self.seen += 1
        strikes = self.seen > fault.after and (self.seen - fault.after - 1) % fault.every == 0
        if not strikes or not self._draw():
            return False
        self.hits += 1
        return True

    def _draw(self) -> bool:
        probability = self.fault.probability
        return probability is None or self._randomness.fraction() < probability


@dataclass(frozen=True, kw_only=True, slots=True)
class Strike:
    """A fault as it strikes one request."""

    armed: ArmedFault
    fault: Fault
    """What strikes: the armed fault itself, or its step for this hit."""

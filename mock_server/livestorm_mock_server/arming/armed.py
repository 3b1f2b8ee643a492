"""A fault in place: which requests it takes, and how often it did."""

from ..exchange import Exchange
from ..faults.fault import Fault
from ..randomness import Randomness
from .gate import Gate
from .reading import read_steps


class ArmedFault:
    """A fault in place, with its counts."""

    def __init__(self, fault_id: str, fault: Fault, *, hits: int = 0) -> None:
        self.id = fault_id
        self.fault = fault
        self.seen = 0
        """Matching requests, those that passed included."""
        self.hits = hits
        """Requests that it struck."""
        self.gate = Gate()
        """Where requests wait at a barrier; one for all steps of a sequence, for them to meet."""
        self._randomness = Randomness(fault.seed)
        self._steps = read_steps(fault)

    def release(self) -> None:
        """Let the requests that wait at a barrier go on; any thread may call it."""
        self.gate.open()

    def takes(self, exchange: Exchange, label: str) -> bool:
        """Count a request; tell whether the fault strikes it."""
        fault = self.fault
        spent = fault.times is not None and self.hits >= fault.times
        if spent or not fault.covers(label) or not fault.meets(exchange):
            return False
        self.seen += 1
        strikes = self.seen > fault.after and (self.seen - fault.after - 1) % fault.every == 0
        if not strikes or not self._draw():
            return False
        self.hits += 1
        return True

    def step(self) -> Fault | None:
        """Give the fault that the newest hit stands for; None lets the request pass."""
        if self._steps is None:
            return self.fault
        return self._steps[self.hits - 1] if self.hits <= len(self._steps) else None

    def _draw(self) -> bool:
        probability = self.fault.probability
        return probability is None or self._randomness.fraction() < probability

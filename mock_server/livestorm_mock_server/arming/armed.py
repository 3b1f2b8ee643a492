"""A fault in place: which requests it takes, and how often it did."""

from typing import NamedTuple

from ..exchange import Exchange
from ..faults.fault import Fault
from ..randomness import Randomness
from .gate import Gate
from .look import Look
from .reading import read_steps


class Counts(NamedTuple):
    """How often a fault was met and struck."""

    seen: int = 0
    """Matching requests, those that passed included."""
    hits: int = 0
    """Requests that it struck."""


NONE = Counts()


class ArmedFault:
    """A fault in place, with its counts."""

    def __init__(
        self,
        fault_id: str,
        fault: Fault,
        *,
        counts: Counts = NONE,
        gate: Gate | None = None,
    ) -> None:
        self.id = fault_id
        self.fault = fault
        self.counts = counts
        self.gate = Gate() if gate is None else gate
        """Where requests wait at a barrier; one for all steps of a sequence, for them to meet."""
        self._draws = _Draws(fault.seed)
        self._steps = read_steps(fault)

    @property
    def seen(self) -> int:
        """Matching requests, those that passed included."""
        return self.counts.seen

    @property
    def hits(self) -> int:
        """Requests that it struck."""
        return self.counts.hits

    def as_json(self) -> dict[str, object]:
        """Give the shape of `GET /_mock/faults`."""
        return {"id": self.id, "hits": self.hits, **self.fault.as_json()}

    def release(self) -> None:
        """Let the requests that wait at a barrier go on; any thread may call it."""
        self.gate.open()

    def is_for(self, exchange: Exchange, label: str) -> bool:
        """Tell whether a request is one of those that the fault is for, and may strike.

        It does where it finds something to spoil, see `next_step`.
        """
        fault = self.fault
        is_spent = fault.times is not None and self.counts.hits >= fault.times
        return not is_spent and fault.covers(label) and fault.meets(exchange)

    def takes(self, exchange: Exchange, label: str, look: Look) -> bool:
        """Count a request that matches; tell whether the fault strikes it.

        `look` has been taken for the next step. Where that finds nothing to spoil, the request does
        not match: it is not counted, and no place in a sequence is used up.
        """
        step = self.next_step()
        if not self.is_for(exchange, label) or (step is not None and not look.found(step)):
            return False
        seen, hits = self.counts.seen + 1, self.counts.hits
        behind = seen - self.fault.after - 1
        strikes = behind >= 0 and behind % self.fault.every == 0
        strikes = strikes and self._draw(behind // self.fault.every)
        self.counts = Counts(seen, hits + strikes)
        return strikes

    def step(self) -> Fault | None:
        """Give the fault that the newest hit stands for; None lets the request pass."""
        return self._step_of(self.hits)

    def next_step(self) -> Fault | None:
        """Give the fault that the next hit will stand for; None lets the request pass."""
        return self._step_of(self.hits + 1)

    def take_back(self) -> None:
        """Take a hit back, of a request that passed in the end: it has not matched."""
        seen, hits = self.counts
        self.counts = Counts(max(0, seen - 1), max(0, hits - 1))

    def _step_of(self, hit: int) -> Fault | None:
        if self._steps is None:
            return self.fault
        return self._steps[hit - 1] if hit <= len(self._steps) else None

    def _draw(self, number: int) -> bool:
        probability = self.fault.probability
        return probability is None or self._draws.draw(number) < probability


class _Draws:
    """Fractions by their number, from 0; those in order cost nothing."""

    def __init__(self, seed: int) -> None:
        self._seed, self._next = seed, 0
        self._randomness = Randomness(seed)

    def draw(self, number: int) -> float:
        if number < self._next:
            self._next, self._randomness = 0, Randomness(self._seed)
        for _ in range(number - self._next):
            self._randomness.fraction()
        self._next = number + 1
        return self._randomness.fraction()

"""Whether what several clients saw is what one after the other would have seen (Wing and Gong)."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

State = TypeVar("State")

LOST = "lost"
"""The outcome of a call whose client never heard of it: nobody knows whether it had an effect."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """What one client asked for, and what it was told."""

    client: int
    operation: Hashable
    called: int
    """Its place among all calls and answers."""
    returned: int | None
    """The place of its answer; None where that was lost."""
    outcome: Hashable


@dataclass(frozen=True, kw_only=True)
class Model(Generic[State]):
    """What the operations mean, one after the other."""

    start: State
    apply: Callable[[State, Hashable], tuple[State, Hashable]]
    """Give the state after an operation, a new one, and what it gives."""
    key: Callable[[State], Hashable]
    """Tell states apart that answer differently."""


def find_order(history: Sequence[Call], model: Model[State]) -> list[Call] | None:
    """Give an order of the calls in which the model answers each as it was answered, or None.

    Calls that did not overlap stay in their order. One whose answer was lost may have had its
    effect at any time after it was called, or never.
    """
    return _Search(model).extend((), frozenset(range(len(history))), history, model.start)


class _Search(Generic[State]):
    def __init__(self, model: Model[State]) -> None:
        self.model = model
        self.dead_ends: set[tuple[frozenset[int], Hashable]] = set()

    def extend(
        self,
        done: tuple[int, ...],
        rest: frozenset[int],
        history: Sequence[Call],
        state: State,
    ) -> list[Call] | None:
        """Find the order of the rest, after those that are done."""
        if all(history[at].returned is None for at in rest):
            return [history[at] for at in done]
        place = (rest, self.model.key(state))
        if place in self.dead_ends:
            return None
        for at in _possibly_next(rest, history):
            after, outcome = self.model.apply(state, history[at].operation)
            if history[at].outcome not in (LOST, outcome):
                continue
            found = self.extend((*done, at), rest - {at}, history, after)
            if found is not None:
                return found
        self.dead_ends.add(place)
        return None


def _possibly_next(rest: frozenset[int], history: Sequence[Call]) -> Iterator[int]:
    """Give the calls that were made before any other of the rest was answered."""
    answers = [history[at].returned for at in rest]
    earliest = min(returned for returned in answers if returned is not None)
    return (at for at in sorted(rest) if history[at].called < earliest)

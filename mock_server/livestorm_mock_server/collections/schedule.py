"""What is going to happen to items, in the order of virtual time."""

from bisect import insort
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import msgspec
from msgspec.structs import replace

from ..clock import END
from .item import Item


class Planned(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happens at a virtual time, in Unix seconds: an item comes, or attributes change."""

    at: float
    number: int
    """Of two at the same time, the lower happens first."""
    type: str = ""
    item: Item | None = None
    """What comes, unless there is one like it; None for a change."""
    task: str = ""
    """The id of the task that it comes of, which tells whether it came."""
    id: str = ""
    attributes: dict[str, object] = msgspec.field(default_factory=dict)


class Schedule:
    """What is planned and has not happened yet, in its order."""

    def __init__(self, note: Callable[[Callable[[], object]], object]) -> None:
        """`note` is told how to take back each change."""
        self._note = note
        self._watchers: list[Callable[[], object]] = []
        self.begin()

    def begin(self, planned: Iterable[Planned] = (), *, last_number: int = 0) -> None:
        """Hold these, in their order, and nothing else; `last_number` was given last."""
        self._planned = list(planned)
        self._last_number = last_number

    def __iter__(self) -> Iterator[Planned]:
        return iter(self._planned)

    @property
    def last_number(self) -> int:
        """The number of what was planned last, whether it has happened or not."""
        return self._last_number

    @property
    def due_at(self) -> float | None:
        """The virtual time at which something happens next; None where nothing is to come."""
        return self._planned[0].at if self._planned else None

    def watch(self, told: Callable[[], object]) -> None:
        """Call this from now on whenever something is planned, over resets, too."""
        self._watchers.append(told)

    def plan(self, wanted: Planned) -> None:
        """Plan something, under the next number, unless the clock never reaches its time."""
        if not wanted.at <= END:  # Nor what is no number.
            return
        before, number = self._last_number, self._last_number + 1
        planned, self._last_number = replace(wanted, number=number), number
        insort(self._planned, planned, key=due)
        self._note(partial(setattr, self, "_last_number", before))
        self._note(lambda: self._planned.remove(planned))
        for told in self._watchers:
            told()

    def forget(self, type_name: str, item_id: str) -> None:
        """Plan no change of an item any more."""
        for one in [it for it in self._planned if (it.type, it.id) == (type_name, item_id)]:
            self._planned.remove(one)
            self._note(partial(insort, self._planned, one, key=due))

    def take(self, now: float) -> Planned | None:
        """Take out what is due next at a virtual time; None where nothing is."""
        is_due = self._planned and self._planned[0].at <= now
        return self._planned.pop(0) if is_due else None


def due(planned: Planned) -> tuple[float, int]:
    """Give what the order is by."""
    return (planned.at, planned.number)

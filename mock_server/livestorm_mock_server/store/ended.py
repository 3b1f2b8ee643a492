"""What is over is remembered for a while."""

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

_AT_ONCE = 2
"""How many are looked at when one more comes, so that the queue shrinks and nobody waits."""


class Ended(Generic[K]):
    """The keys of records that are over or are going to be, the oldest first."""

    def __init__(self) -> None:
        self._keys: deque[K] = deque()

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[K]:
        return iter(self._keys)

    def add(self, key: K) -> None:
        """Remember a record's key."""
        self._keys.append(key)

    def surplus(self, kept: int, is_over: Callable[[K], bool]) -> Iterator[K]:
        """Give some of the oldest that are over, as far as there are more than are kept.

        What is still needed goes to the end.
        """
        for _ in range(_AT_ONCE):
            if len(self._keys) <= kept:
                return
            key = self._keys.popleft()
            if is_over(key):
                yield key
            else:
                self._keys.append(key)

"""What happened to an item, and who is told of it."""

import logging
from collections.abc import Callable
from typing import Literal

import msgspec

from .item import Item

log = logging.getLogger("livestorm_mock_server")


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to an item."""

    kind: Literal["created", "changed", "deleted"]
    collection: str
    """The type."""
    item: Item
    """As it is now; of a deleted one, as it was."""
    before: Item | None = None
    """As it was, where it was changed."""


Listener = Callable[[Change], object]


class Listeners:
    """Those who are told of each change, one after the other."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def add(self, listener: Listener) -> None:
        """Tell somebody, too, from now on."""
        self._listeners.append(listener)

    def tell(self, change: Change) -> None:
        """Tell all; the error of one is logged."""
        for listener in self._listeners:
            try:
                listener(change)
            except Exception:  # What has happened has, and the others are to know.
                log.exception("not all were told that %s has changed", change.collection)

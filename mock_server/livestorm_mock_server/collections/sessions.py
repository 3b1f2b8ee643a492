"""Sessions that begin and end by the virtual clock."""

from collections.abc import Callable
from typing import Final

from ..clock import END
from .changes import Change
from .content import Collections
from .item import Item

SESSIONS: Final = "sessions"


class SessionTimes:
    """Lets a session that is upcoming begin at its `started_at`, and end at its `ended_at`.

    Both are Unix seconds of virtual time; one that is over, such as 0, brings nothing,
    and so does one that the clock never reaches.
    """

    def __init__(self, collections: Collections, now: Callable[[], float]) -> None:
        self._collections, self._now = collections, now
        collections.listen(self._heed)

    def begin(self) -> None:
        """Look at the sessions that there are at the beginning."""
        if SESSIONS in self._collections.types:
            for one in self._collections.all(SESSIONS):
                self._plan(one, self._now())

    def _heed(self, change: Change) -> None:
        if change.collection != SESSIONS:
            return
        self._collections.unplan(SESSIONS, change.item.id)
        if change.kind != "deleted":
            # A leap of the clock may have gone beyond the end, too.
            begins, now = _time(change.item, "started_at"), self._now()
            self._plan(change.item, min(begins, now) if _has_begun(change) else now)

    def _plan(self, session: Item, now: float) -> None:
        for status, name, becomes in _STEPS:
            at = _time(session, name)
            if session.attributes.get("status") == status and at > now:
                self._collections.plan_change(at, SESSIONS, session.id, {"status": becomes})


_STEPS: Final = (("upcoming", "started_at", "live"), ("live", "ended_at", "past"))
"""From which status a session comes, at which time, to which one."""


def _has_begun(change: Change) -> bool:
    before = change.before and change.before.attributes.get("status")
    return (before, change.item.attributes.get("status")) == ("upcoming", "live")


def _time(session: Item, name: str) -> float:
    value = session.attributes.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return float(value) if 0 < value <= END else 0

"""The events that there are, and which of them a change of a collection is."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, Literal, get_args

from ..collections.content import Change

Event = Literal[
    "event.created",
    "event.published",
    "session.created",
    "session.started",
    "session.ended",
    "people.registered",
    "people.attended",
    "people.not_attended",
    "job.ended",
]
EVENTS: Final[tuple[Event, ...]] = get_args(Event)
"""The names that clients use."""

_CREATED: Final[Mapping[str, Event]] = {
    "events": "event.created",
    "sessions": "session.created",
    "people": "people.registered",
}
"""By the type of what comes."""


def type_of(event: str) -> str:
    """Give the type of what an event is about."""
    name = event.partition(".")[0]
    return name if name == "people" else f"{name}s"


def events_of(change: Change) -> Iterator[Event]:
    """Give what a change is, in the order in which it is told."""
    if change.kind == "created" and change.collection in _CREATED:
        yield _CREATED[change.collection]
    if change.kind == "changed" and change.collection in _CHANGED:
        yield from _CHANGED[change.collection](change)


def _of_event(change: Change) -> Iterator[Event]:
    was, becomes = _values(change, "scheduling_status")
    if was == "draft" and becomes != "draft":
        yield "event.published"


def _of_session(change: Change) -> Iterator[Event]:
    was, becomes = _values(change, "status")
    if was != becomes and becomes == "live":
        yield "session.started"
    if was != becomes and becomes == "past":
        yield "session.ended"


def _of_person(change: Change) -> Iterator[Event]:
    was, becomes = _values(change, "attended")
    if was is not becomes and becomes is True:
        yield "people.attended"
    if was is not becomes and becomes is False:
        yield "people.not_attended"


def _of_job(change: Change) -> Iterator[Event]:
    was, becomes = _values(change, "status")
    if was not in _OVER and becomes in _OVER:
        yield "job.ended"


def _values(change: Change, name: str) -> tuple[object, object]:
    """Give an attribute before and after a change."""
    before = None if change.before is None else change.before.attributes.get(name)
    return before, change.item.attributes.get(name)


_OVER: Final = ("ended", "failed", "completed")
_CHANGED: Final[Mapping[str, Callable[[Change], Iterator[Event]]]] = {
    "events": _of_event,
    "sessions": _of_session,
    "people": _of_person,
    "jobs": _of_job,
}

"""The events that there are, and which of them a change of a collection is."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, Literal, get_args

import msgspec

from ..collections.changes import Change
from ..collections.content import Collections
from ..collections.item import Item
from .items import items_of
from .options import WebhookOptions

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
_ATTENDANCE: Final[Mapping[bool, Event]] = {True: "people.attended", False: "people.not_attended"}
"""By whether somebody did."""
PEOPLE: Final = "people"


def type_of(event: str) -> str:
    """Give the type of what an event is about."""
    name = event.partition(".")[0]
    return name if name == PEOPLE else f"{name}s"


class Occurrence(msgspec.Struct, frozen=True, kw_only=True):
    """An event, and what it is about."""

    event: Event
    type: str
    item: Item


def occurrences(
    change: Change, collections: Collections, options: WebhookOptions
) -> Iterator[Occurrence]:
    """Give what a change is, in the order in which it is told."""
    for event in _events_of(change):
        is_later = options.webhook_attendance == "session_end"
        if not (is_later and event in _ATTENDANCE.values()):
            yield Occurrence(event=event, type=change.collection, item=change.item)
        if is_later and event == "session.ended":
            yield from _attendance(change.item.id, collections)


def _attendance(session_id: str, collections: Collections) -> Iterator[Occurrence]:
    """Give for each person of a session whether they attended."""
    people = items_of(collections, PEOPLE)
    for one in people.at(people.matching({"session": session_id})):
        event = _ATTENDANCE[one.attributes.get("attended") is True]
        yield Occurrence(event=event, type=PEOPLE, item=one)


def _events_of(change: Change) -> Iterator[Event]:
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
    if was is not becomes and isinstance(becomes, bool):
        yield _ATTENDANCE[becomes]


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

"""Who is to be told of which event: the webhooks that clients have registered, or a URL."""

from collections.abc import Sequence
from typing import Final

import msgspec

from ..collections.content import Collections
from ..collections.item import as_text
from ..reading import InvalidInputError, MissingKeyError, expected_one_of
from .items import items_of
from .order import WebhookOrder

WEBHOOKS: Final = "webhooks"
"""The type of the collection in which clients register them."""


class Receiver(msgspec.Struct, frozen=True, kw_only=True):
    """Where an event is delivered."""

    id: str | None
    """That of the registered webhook; None for a URL that nobody registered."""
    url: str
    event: str


def registered(collections: Collections) -> Sequence[Receiver]:
    """Give the registered webhooks, in the order in which they were registered."""
    return [
        Receiver(
            id=one.id,
            url=as_text(one.attributes.get("url")),
            event=as_text(one.attributes.get("event")),
        )
        for one in items_of(collections, WEBHOOKS)
    ]


def is_registered(collections: Collections, receiver_id: str) -> bool:
    """Tell whether a webhook is there still."""
    return items_of(collections, WEBHOOKS).get(receiver_id) is not None


def receivers_of(collections: Collections, order: WebhookOrder) -> Sequence[Receiver]:
    """Give who is meant by a call, by its events. Raises InvalidInputError for nobody."""
    if order.url is not None:
        return [Receiver(id=None, url=order.url, event=event) for event in order.events]
    there = registered(collections)
    if order.webhook is not None:
        there = [_found(there, order.webhook)]
    meant = [one for event in order.events for one in there if one.event == event]
    if meant:
        return meant
    if order.webhook is None:
        raise MissingKeyError("url", "one, as no webhook is registered for the event")
    expected = f"{there[0].event}, for which this webhook is registered; a url takes any"
    raise InvalidInputError("event", order.event, expected)


def _found(there: Sequence[Receiver], receiver_id: str) -> Receiver:
    for one in there:
        if one.id == receiver_id:
            return one
    expected = expected_one_of(receiver_id, [str(one.id) for one in there])
    raise InvalidInputError("webhook", receiver_id, expected)


class ChangesToCome:
    """What changes by itself in virtual time, as far as somebody is to be told of it."""

    def __init__(self, collections: Collections) -> None:
        self._collections = collections

    @property
    def due_at(self) -> float | None:
        """When something changes next; None where nobody is to be told."""
        return self._collections.due_at if len(items_of(self._collections, WEBHOOKS)) else None

    def catch_up(self) -> None:
        """Let happen what is due."""
        self._collections.catch_up()

"""Parcels of a sandbox, made and numbered."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from msgspec.structs import replace

from ..randomness import Randomness
from ..reading import InvalidInputError
from .delivery import Delivery, Parcel
from .events import Event
from .ledger import Ledger
from .message import WrongBody, body_of, document_of
from .order import WebhookOrder
from .receivers import Receiver
from .subjects import Subject, subject_of


class Maker:
    """Makes what is sent; with a seed, the same each time."""

    def __init__(self, ledger: Ledger, seed: int | str | None) -> None:
        self._ledger = ledger
        self._numbers = count(1)
        self._randomness = Randomness(None if seed is None else f"{seed}, webhooks")

    def of_order(self, order: WebhookOrder, receivers: Iterable[Receiver]) -> Sequence[Parcel]:
        """Make what is asked for, in the order of the receivers. Raises InvalidInputError."""
        bodies: dict[str, bytes] = {
            event: self._ordered_body(order, event) for event in order.events
        }
        due_at = self._ledger.clock.now() + order.delay
        parcels = [
            self._parcel(one, bodies[one.event], "POST webhooks/deliver", due_at)
            for one in receivers
        ]
        for one in parcels:
            one.signature = order.signature
            one.retries = one.retries if order.retries is None else order.retries
        copies = [self._copy(one) for one in parcels for _ in range(order.duplicates)]
        return [*parcels, *copies]

    def of_change(
        self, event: Event, subject: Subject, cause: str, receivers: Iterable[Receiver]
    ) -> Iterator[Parcel]:
        """Make what tells receivers of an event; each is numbered as it is taken."""
        body, now = self._body(event, subject), self._ledger.clock.now()
        return (self._parcel(one, body, cause, now) for one in receivers)

    def arranged(self, parcels: Sequence[Parcel], order: WebhookOrder) -> Sequence[Parcel]:
        """Give parcels in the order in which they are sent."""
        if order.order == "reversed":
            return parcels[::-1]
        if order.order == "shuffled":
            return sorted(parcels, key=lambda _: self._randomness.fraction())
        if order.order == "at_once":
            burst = parcels[0].delivery.number
            return [replace(one, burst=burst) for one in parcels]
        return parcels

    def _ordered_body(self, order: WebhookOrder, event: Event) -> bytes:
        if order.data is None:
            subject = subject_of(self._ledger, event, order.item, self._randomness)
            return self._body(event, subject, order.body)
        try:
            return self._body(event, order.data, order.body)
        except (TypeError, ValueError, RecursionError) as error:
            expected = f"what JSON can hold ({error})"
            raise InvalidInputError("data", "an object", expected) from None

    def _body(self, event: Event, subject: Subject, wrong: WrongBody | None = None) -> bytes:
        return body_of(document_of(event, self._ledger.organizations[0].id, subject), wrong)

    def _parcel(self, receiver: Receiver, body: bytes, cause: str, due_at: float) -> Parcel:
        delivery = Delivery(
            number=next(self._numbers),
            event=receiver.event,
            webhook=receiver.id,
            url=receiver.url,
            cause=cause,
            due_at=due_at,
        )
        return Parcel(delivery=delivery, body=body, retries=self._ledger.options.webhook_retries)

    def _copy(self, parcel: Parcel) -> Parcel:
        delivery = parcel.delivery
        again = replace(delivery, number=next(self._numbers), duplicate_of=delivery.number)
        return replace(parcel, delivery=again)

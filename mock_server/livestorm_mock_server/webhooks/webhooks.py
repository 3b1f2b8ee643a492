"""The webhooks of a sandbox: what is to be delivered, and what became of it."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from ..collections.changes import Change
from ..reading import InvalidInputError
from .attempting import NOT_SHARED, attempt, end
from .delivery import Delivery, Parcel
from .events import Occurrence, occurrences
from .hosts import WebhookHosts
from .ledger import Ledger
from .maker import Maker
from .order import WebhookOrder
from .queue import Queue
from .receivers import WEBHOOKS, ChangesToCome, Receiver, receivers_of, registered
from .subjects import shown

MOST: Final = 1_000
"""Deliveries that may be on their way, and that are remembered."""
MOST_BYTES: Final = 32_000_000
"""Bytes of the bodies on their way."""


class Webhooks:
    """What a sandbox delivers, to the loopback and to `hosts`."""

    def __init__(self, ledger: Ledger, hosts: WebhookHosts) -> None:
        self.hosts = hosts
        self._ledger = ledger
        self._queue = Queue(
            ledger.clock,
            ChangesToCome(ledger.collections),
            lambda parcel: attempt(ledger, hosts, parcel),
        )
        ledger.clock.call_when_moved(self._queue.wake)
        ledger.collections.call_when_planned(self._queue.look)
        ledger.collections.listen(self._heed)

    def begin(self, seed: int | str | None) -> None:
        """Begin with nothing on its way, and collections that have begun."""
        self._queue.close()
        self._kept: deque[Delivery] = deque(maxlen=MOST)
        self._maker = Maker(self._ledger, seed)
        self.watch()

    def watch(self) -> None:
        """See what is to come, and send it in its time."""
        self._queue.look()

    async def deliver(self, order: WebhookOrder) -> Sequence[Delivery]:
        """Deliver what is asked for; give each delivery once what is due was attempted.

        Raises InvalidInputError, also where all of them are refused.
        """
        self._check(order)
        receivers = receivers_of(self._ledger.collections, order)
        self._check_room(len(receivers) * (1 + order.duplicates))
        parcels = self._maker.of_order(order, receivers)
        self._check_room(len(parcels), parcels)
        ordered = [one.delivery for one in parcels]
        self._kept.extend(ordered)
        self._queue.put(self._maker.arranged(parcels, order))
        await self._queue.settle(order.wait, ordered)
        if all(one.state == "refused" for one in ordered):
            expected = f"where webhooks may go: {ordered[0].attempts[-1].error}"
            raise InvalidInputError("url", ordered[0].url, expected)
        return [replace(one) for one in ordered]

    async def deliveries(self, wait: float = 0) -> Sequence[Delivery]:
        """Give the newest deliveries, oldest first, once none is due or under way.

        `wait` is how many seconds of real time it waits for that.
        """
        self._ledger.collections.catch_up()
        await self._queue.settle(wait, self._kept)
        return [replace(one) for one in self._kept]

    async def drop(self) -> None:
        """Forget what is on its way; on return, nothing is under way any more."""
        await self._queue.drop()

    def close(self) -> None:
        """Forget what is on its way, and have the attempt end that is under way."""
        self._queue.close()

    def _check_room(self, number: int, parcels: Sequence[Parcel] = ()) -> None:
        """Check that so many may be on their way, too, and these. Raises InvalidInputError."""
        if not self._has_room_for(number, parcels):
            expected = f"fewer or shorter: {self._told_of_room}"
            raise InvalidInputError("the number of deliveries", number, expected)

    def _has_room_for(self, number: int, parcels: Sequence[Parcel]) -> bool:
        bodies = {id(one.body): len(one.body) for one in parcels}
        fits = self._queue.bytes + sum(bodies.values()) <= MOST_BYTES
        return fits and len(self._queue) + number <= MOST

    @property
    def _told_of_room(self) -> str:
        queue = self._queue
        return f"{len(queue)} of {MOST} are on their way, {queue.bytes} of {MOST_BYTES} bytes"

    def _check(self, order: WebhookOrder) -> None:
        """Check that all that is asked for can take effect. Raises InvalidInputError."""
        options, is_here = self._ledger.options, self._ledger.store.is_here
        if order.signature != "right" and options.webhook_signature == "none":
            expected = "right, as webhook_signature is none"
            raise InvalidInputError("signature", order.signature, expected)
        for key in ("delay", "retries"):
            if (value := getattr(order, key)) and not is_here:
                raise InvalidInputError(key, value, f"none: {NOT_SHARED}")
        for key, other in (("webhook", "url"), ("item", "data")):
            if (value := getattr(order, key)) is not None and getattr(order, other) is not None:
                raise InvalidInputError(key, value, f"none beside {other}")

    def _heed(self, change: Change) -> None:
        """Tell of a change whoever has registered a webhook for what it is."""
        collections = self._ledger.collections
        if change.collection == WEBHOOKS:
            self._queue.look()
        told = list(occurrences(change, collections, self._ledger.options))
        there = registered(collections) if told else ()
        cause = f"{change.collection} {change.item.id} was {change.kind}"
        self._send([(one, [it for it in there if it.event == one.event]) for one in told], cause)

    def _send(self, told: Sequence[tuple[Occurrence, Sequence[Receiver]]], cause: str) -> None:
        """Have sent what nobody waits for, as long as there is room; the rest is refused."""
        left = sum(len(receivers) for _, receivers in told)
        for one in self._made(told, cause):
            left -= 1
            self._kept.append(one.delivery)
            if not self._has_room_for(1, [one]):
                rest = f"; so are the {left} after it" if left else ""
                end(self._ledger, one, "refused", f"too many: {self._told_of_room}{rest}")
                return
            self._queue.put([one])

    def _made(
        self, told: Iterable[tuple[Occurrence, Sequence[Receiver]]], cause: str
    ) -> Iterator[Parcel]:
        for one, receivers in told:
            if receivers:
                subject = shown(self._ledger, one.type, one.item)
                yield from self._maker.of_change(one.event, subject, cause, receivers)

"""What is asked for by hand: which events, for whom, and what is wrong with them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import msgspec

from .delivery import Signature
from .events import Event
from .message import WrongBody
from .options import Retries


class WebhookOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`POST webhooks/deliver`: which events to deliver where, and what is wrong with them."""

    event: Event | Annotated[tuple[Event, ...], msgspec.Meta(min_length=1, max_length=100)]
    """One event, or several in the order in which they occur."""
    url: str | None = None
    """Where to deliver; absent, to all webhooks that are registered for the event."""
    webhook: str | None = None
    """The id of the one registered webhook to deliver to."""
    item: str | None = None
    """The id of the item that it is about; absent, the newest of its type, or one that is drawn."""
    data: Mapping[str, object] | None = None
    """What stands in the place of the resource that it is about; `meta.webhook` is added."""
    body: WrongBody | None = None
    """What is wrong with the body; absent, nothing."""
    signature: Signature = "right"
    """Under `webhook_signature`: the right one, one that does not fit the body, or none."""
    duplicates: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    """How many times each is delivered once more."""
    order: Literal["given", "reversed", "shuffled", "at_once"] = "given"
    """One after the other, as given or otherwise, or up to 100 at the same time."""
    delay: Annotated[float, msgspec.Meta(ge=0, le=10_000_000)] = 0
    """Seconds of virtual time until then."""
    retries: Retries | None = None
    """As `webhook_retries`, in its place."""
    wait: Annotated[float, msgspec.Meta(ge=0, le=60)] = 30
    """Seconds of real time to wait for what is due."""

    @property
    def events(self) -> Sequence[Event]:
        """All events."""
        return (self.event,) if isinstance(self.event, str) else self.event

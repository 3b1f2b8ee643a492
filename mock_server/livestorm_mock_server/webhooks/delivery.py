"""A webhook on its way: what is sent, and what came of each attempt."""

from collections.abc import Sequence
from typing import Literal

import msgspec

Signature = Literal["right", "wrong", "missing"]
State = Literal["pending", "delivered", "failed", "refused", "dropped"]


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to deliver a webhook."""

    number: int
    """From 1."""
    seq: int
    """The number of its exchange in the journal."""
    at: float
    """The virtual time at which it began, in Unix seconds."""
    seconds: float
    """The real time that it took."""
    status: int | None
    """What the receiver answered; null without an answer."""
    error: str | None
    """Why it does not count as delivered, in words."""


class Delivery(msgspec.Struct, kw_only=True):
    """One webhook for one receiver, with all attempts."""

    number: int
    """In order of the events, from 1."""
    event: str
    webhook: str | None
    """The id of the registered webhook; null for a URL that nobody registered."""
    url: str
    cause: str
    """What it is sent for, in words."""
    duplicate_of: int | None = None
    """The number of the delivery that it repeats."""
    state: State = "pending"
    """`refused` is what must not be sent there, `dropped` what a reset or an end took."""
    due_at: float | None = None
    """The virtual time of the next attempt, in Unix seconds; null where there is none."""
    attempts: Sequence[Attempt] = ()

    def end(self, state: State) -> None:
        """Have no further attempt."""
        self.state, self.due_at = state, None


class Parcel(msgspec.Struct, kw_only=True):
    """A delivery with what is sent."""

    delivery: Delivery
    body: bytes
    signature: Signature = "right"
    retries: tuple[int, ...] = ()
    """Seconds of virtual time to each further attempt."""
    burst: int | None = None
    """What those share that are sent at once."""

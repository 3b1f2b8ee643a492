"""I04: clients that a failed refresh leaves in disorder."""

from typing import ClassVar

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.limits import Limits
from ..model_client.offer import Offer
from ..model_client.operations import Operations
from ..model_client.refreshing import Refreshing
from ..model_client.store import Store
from ..model_client.values import Failure, Message, User
from .table import Bite, Table


class CrashesOverFailures(Limits):
    """Expects a refresh to succeed."""

    def may_retry(self, failure: Failure) -> bool:
        """Fail."""
        raise AssertionError


class NeverTriesAgain(Refreshing):
    """Keeps the failure, as a cached promise does."""

    failed = False

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Refuse after a failure."""
        if self.failed:
            raise Failure(Kind.RETRY_LATER, "failed before")
        self.failed = True
        super().refresh_with(name, user, stored)
        self.failed = False


class NotesCancellation(Operations):
    """Knows that there was one."""

    cancelled = False

    def cancel(self, number: int) -> None:
        """Remember it."""
        self.cancelled = True
        super().cancel(number)


class CancelsAllWhoWait(NotesCancellation, Refreshing):
    """Hands the end of the one who refreshes on to the others."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Wait for the refresh, and share its fate."""
        reply = super().refresh(name, user, stale)
        if self.cancelled:
            raise Failure(Kind.CANCELLED)
        return reply


class CancelsHoldingItsLock(NotesCancellation, Refreshing, Store):
    """Ends the refresh with its caller, and leaves it marked, so that all others have to wait."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Wait in vain for the one who was cancelled."""
        if self.cancelled:
            raise Failure(Kind.RETRY_LATER, "a refresh is under way")
        super().refresh_with(name, user, stored)

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Take no answer after the end."""
        if not self.cancelled:
            super().store_token(name, user, members, sent, sent_at)


class KnowsNoCancel(Operations):
    """Promises what it does not know."""

    def command(self, message: Message) -> Message:
        """Refuse."""
        if message["type"] == "cancel":
            return {"kind": "unsupported"}
        return super().command(message)


class OffersNoCancel(Offer, Operations):
    """Promises nothing."""

    ops: ClassVar[tuple[str, ...]] = tuple(op for op in Offer.ops if op != "cancel")

    def cancel(self, number: int) -> None:
        """Fail: nobody may ask."""
        raise AssertionError


class RefreshesOnCommand(Offer):
    """Says that it refreshes when it is told to only."""

    features: ClassVar[Message] = {
        **Offer.features,
        "refresh": "explicit",
        "refresh_ahead": False,
        "on_401": False,
    }


TABLE = Table(
    [
        Bite(RefreshesOnCommand),
        Bite((CrashesOverFailures, RefreshesOnCommand), {"all-answered"}),
        Bite((NeverTriesAgain, RefreshesOnCommand), {"tries-again"}),
        Bite(CrashesOverFailures, {"all-answered"}),
        Bite(NeverTriesAgain, {"tries-again"}),
        Bite(CancelsAllWhoWait, {"all-answered"}),
        Bite(CancelsHoldingItsLock, {"tries-again"}),
        # What a client can't is not played, or not to the end, and breaks nothing.
        Bite(KnowsNoCancel, apart=True),
        Bite(OffersNoCancel, apart=True),
    ],
)

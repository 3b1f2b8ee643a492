"""I04: clients that a failed refresh leaves in disorder."""

import pytest
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.suite.verdicts import Verdict

from .conftest import Put, failed
from .model_client import Failure, Message, ModelClient, User


class CrashesOverFailures(ModelClient):
    """Expects a refresh to succeed."""

    def may_retry(self, failure: Failure) -> bool:
        """Fail."""
        raise AssertionError


class NeverTriesAgain(ModelClient):
    """Keeps the failure, as a cached promise does."""

    failed = False

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Refuse after a failure."""
        if self.failed:
            raise Failure(Kind.RETRY_LATER, "failed before")
        self.failed = True
        super().refresh_with(name, user, stored)
        self.failed = False


class NotesCancellation(ModelClient):
    """Knows that there was one."""

    cancelled = False

    def cancel(self, number: int) -> None:
        """Remember it."""
        self.cancelled = True
        super().cancel(number)


class CancelsAllWhoWait(NotesCancellation):
    """Hands the end of the one who refreshes on to the others."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Wait for the refresh, and share its fate."""
        reply = super().refresh(name, user, stale)
        if self.cancelled:
            raise Failure(Kind.CANCELLED)
        return reply


class CancelsHoldingItsLock(NotesCancellation):
    """Ends the refresh with its caller, and leaves it marked as under way."""

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


class KnowsNoCancel(ModelClient):
    """Promises what it does not know."""

    def command(self, message: Message) -> Message:
        """Refuse."""
        if message["type"] == "cancel":
            return {"kind": "unsupported"}
        return super().command(message)


class OffersNoCancel(ModelClient):
    """Promises nothing."""

    ops = tuple(op for op in ModelClient.ops if op != "cancel")

    def cancel(self, number: int) -> None:
        """Fail: nobody may ask."""
        raise AssertionError


def test_crash_of_waiters_is_found(put: Put) -> None:
    """An assertion is no outcome."""
    assert failed(put("I04", CrashesOverFailures)) == {"all-answered"}


def test_kept_failure_is_found(put: Put) -> None:
    """The next call fails."""
    assert failed(put("I04", NeverTriesAgain)) == {"tries-again"}


def test_shared_cancellation_is_found(put: Put) -> None:
    """Only one call was cancelled."""
    assert failed(put("I04", CancelsAllWhoWait)) == {"all-answered"}


def test_lock_that_is_held_after_a_cancellation_is_found(put: Put) -> None:
    """Those who wait are told to come later, and whoever comes later is told so, too."""
    assert failed(put("I04", CancelsHoldingItsLock)) == {"tries-again"}


@pytest.mark.parametrize("client", [KnowsNoCancel, OffersNoCancel])
def test_client_without_cancel_is_judged_by_the_rest(put: Put, client: type[ModelClient]) -> None:
    """What it can't is not played, or not to the end, and breaks nothing."""
    result = put("I04", client, apart=True)
    assert (result.verdict, result.reason) == (Verdict.PASS, None)

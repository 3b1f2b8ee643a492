"""I04: clients that a failed refresh leaves in disorder."""

from livestorm_contract_tests.adapter import Kind

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


def test_crash_of_waiters_is_found(put: Put) -> None:
    """An assertion is no outcome."""
    assert failed(put("I04", CrashesOverFailures)) == {"all-answered"}


def test_kept_failure_is_found(put: Put) -> None:
    """The next call fails."""
    assert failed(put("I04", NeverTriesAgain)) == {"tries-again"}

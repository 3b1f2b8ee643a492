"""F10: clients that never give up."""

import time

from .conftest import Put, failed
from .limited_clients import IgnoresPauses, NeverGivesUp, TakesLimitsForRefusals
from .model_client import Answer, Failure, Message, ModelClient, User


class KnowsNoBudget(ModelClient):
    """Waits for as long as it is told, however little it may wait."""

    def may_retry(self, failure: Failure) -> bool:
        """Wait."""
        time.sleep(failure.not_before or 0)
        return True

    def pause(self, user: User) -> None:
        """Remember no pause."""


class CountsNoPauses(ModelClient):
    """Compares each pause with the whole budget, and takes three attempts."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Ask for one more."""
        return super().call_api(user, method, path, message, stored, most=3)


def test_limit_taken_for_a_refusal_is_found(put: Put) -> None:
    """The kind shows it."""
    assert failed(put("F10", TakesLimitsForRefusals)) == {"kind"}


def test_hammering_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("F10", NeverGivesUp)) == {"bounded", "in-time"}


def test_wait_beyond_the_budget_is_found(put: Put) -> None:
    """Real time shows it."""
    assert failed(put("F10", KnowsNoBudget)) == {"in-time"}


def test_early_request_is_found(put: Put) -> None:
    """The journal has the times."""
    assert failed(put("F10", IgnoresPauses)) == {"not-before"}


def test_budget_for_each_pause_is_found(put: Put) -> None:
    """The pauses are within it, each by itself; all together are not."""
    assert failed(put("F10", CountsNoPauses)) == {"in-time"}

"""F10: clients that never give up."""

import time

from .conftest import Put, failed
from .limited_clients import IgnoresPauses, NeverGivesUp, TakesLimitsForRefusals
from .model_client import Failure, ModelClient, User


class KnowsNoBudget(ModelClient):
    """Waits for as long as it is told, however little it may wait."""

    def may_retry(self, failure: Failure) -> bool:
        """Wait."""
        time.sleep(failure.not_before or 0)
        return True

    def pause(self, user: User) -> None:
        """Remember no pause."""


def test_limit_taken_for_a_refusal_is_found(put: Put) -> None:
    """The kind shows it."""
    assert failed(put("F10", TakesLimitsForRefusals)) == {"kind"}


def test_hammering_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("F10", NeverGivesUp)) == {"bounded"}


def test_wait_beyond_the_budget_is_found(put: Put) -> None:
    """Real time shows it."""
    assert failed(put("F10", KnowsNoBudget)) == {"in-time"}


def test_early_request_is_found(put: Put) -> None:
    """The journal has the times."""
    assert failed(put("F10", IgnoresPauses)) == {"not-before"}

"""F05: clients that sleep for weeks, or not at all."""

import pytest

from .conftest import Put, failed
from .limited_clients import (
    ForgetsUsersOnLimits,
    IgnoresPauses,
    SleepsThroughAll,
    TakesLimitsForRefusals,
    TellsNoTime,
)
from .model_client import Answer, ModelClient


class CapsPauses(ModelClient):
    """Shortens a pause of weeks to one that it can wait for."""

    def retry_after(self, answer: Answer) -> float | None:
        """Cap."""
        told = super().retry_after(answer)
        return None if told is None else min(told, 0.2)


def test_limit_taken_for_a_refusal_is_found(put: Put) -> None:
    """The kind shows it."""
    assert failed(put("F05", TakesLimitsForRefusals)) == {"kind", "tells-when"}


def test_sleep_is_found(put: Put) -> None:
    """Real time shows it."""
    assert failed(put("F05", SleepsThroughAll)) == {"at-once"}


def test_pause_that_is_kept_secret_is_found(put: Put) -> None:
    """The reply must say how long."""
    assert failed(put("F05", TellsNoTime)) == {"tells-when"}


@pytest.mark.parametrize(
    ("client", "checks"),
    [(CapsPauses, {"not-before", "tells-when"}), (IgnoresPauses, {"not-before"})],
)
def test_early_request_is_found(put: Put, client: type[ModelClient], checks: set[str]) -> None:
    """The journal has the times."""
    assert failed(put("F05", client)) == checks


def test_lost_session_is_found(put: Put) -> None:
    """The store shows it."""
    assert failed(put("F05", ForgetsUsersOnLimits)) == {"kind", "tells-when", "tokens-kept"}

"""F08: clients whose workers know nothing of each other's pauses."""

from .conftest import Put, failed
from .limited_clients import FailsOnLimits
from .model_client import ModelClient, User


class PausesEachForItself(ModelClient):
    """Keeps the pause in the call that was refused."""

    def pause(self, user: User) -> None:
        """Remember no pause."""


class GoesOnAsAHerd(ModelClient):
    """Wakes all who wait at the same instant."""

    def turn(self) -> float:
        """Give everybody the same."""
        return 0.0


def test_crash_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""

    class FailsWithoutWords(FailsOnLimits):
        """Adds no number that could be read."""

        def retry_after(self, answer: object) -> float | None:
            """Fail."""
            raise KeyError("limits")

    assert failed(put("F08", FailsWithoutWords)) == {"kind", "pause"}


def test_pauses_apart_are_found(put: Put) -> None:
    """The journal has requests within the pause."""
    assert failed(put("F08", PausesEachForItself)) == {"pause"}


def test_herd_is_found(put: Put) -> None:
    """The journal has all requests at the same instant."""
    assert failed(put("F08", GoesOnAsAHerd)) == {"no-herd"}

"""B09: clients that choose one of two values."""

from livestorm_contract_tests.suite.verdicts import Level

from .careless import Disconnects, SendsSomethingAnyway
from .conftest import Put, failed
from .model_client import ModelClient


class TakesTheLast(ModelClient):
    """Reads parameters into a table, in which the last one wins."""

    def check_duplicates(self, names: list[str]) -> None:
        """See none."""


class TakesEqualOnes(ModelClient):
    """Refuses two codes, but lets two states pass of which the last is right."""

    def check_duplicates(self, names: list[str]) -> None:
        """Look at the code."""
        super().check_duplicates([name for name in names if name != "state"])


class CrashesOverLists(ModelClient):
    """Gets a list from its framework where it expects a text."""

    def check_duplicates(self, names: list[str]) -> None:
        """Expect a text."""
        assert len(names) == len(set(names))


def test_chosen_value_is_found(put: Put) -> None:
    """Of two codes, and of two states."""
    result = put("B09", TakesTheLast)
    assert failed(result) == {"kind", "no-token-request", "store-unchanged"}
    assert {one.level for one in result.checks if "kind" in one.check} == {Level.SHOULD}


def test_chosen_state_is_found(put: Put) -> None:
    """The state is where an attacker adds one."""
    assert failed(put("B09", TakesEqualOnes)) == {"kind", "no-token-request", "store-unchanged"}


def test_code_sent_before_the_check_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("B09", SendsSomethingAnyway)) == {"no-token-request"}


def test_crash_over_two_values_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("B09", CrashesOverLists)) == {"kind"}


def test_session_ended_by_two_values_is_found(put: Put) -> None:
    """The old connection is another matter."""
    assert failed(put("B09", Disconnects)) == {"store-unchanged"}

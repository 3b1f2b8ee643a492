"""B08: clients that overlook an error beside a code."""

from collections.abc import Mapping

from .careless import Disconnects, SendsSomethingAnyway
from .conftest import Put, failed
from .model_client import ModelClient


class LooksForTheCodeFirst(ModelClient):
    """Looks for an error where there is no code."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Stop at the code."""
        if "code" not in given:
            super().check_granted(given)


class CrashesOverBoth(ModelClient):
    """Expects either."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Expect it."""
        assert ("code" in given) != ("error" in given)


def test_overlooked_error_is_found(put: Put) -> None:
    """The user is connected, whom the provider reports as refusing."""
    found = failed(put("B08", LooksForTheCodeFirst))
    assert found == {"kind", "no-token-request", "store-unchanged"}


def test_code_sent_beside_an_error_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("B08", SendsSomethingAnyway)) == {"no-token-request"}


def test_crash_over_both_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("B08", CrashesOverBoth)) == {"kind"}


def test_session_ended_by_the_error_is_found(put: Put) -> None:
    """The old connection is another matter."""
    assert failed(put("B08", Disconnects)) == {"store-unchanged"}

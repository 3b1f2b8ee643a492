"""B06: clients that mistake the provider's trouble."""

from collections.abc import Mapping

from livestorm_contract_tests.adapter import Kind

from .careless import SendsSomethingAnyway
from .conftest import Put, failed
from .model_client import Failure, ModelClient


class TakesEveryErrorForDenial(ModelClient):
    """Tells the user that they refused."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Know one error."""
        if "error" in given:
            raise Failure(Kind.DENIED, "the user refused")


class GivesUp(ModelClient):
    """Takes one failure for the end."""

    has_failed = False

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Refuse all that comes later."""
        if self.has_failed:
            raise Failure(Kind.CONFIG_ERROR, "switched off after a failure")
        self.has_failed = "error" in given
        super().check_granted(given)


def test_trouble_taken_for_denial_is_found(put: Put) -> None:
    """The user did nothing."""
    assert failed(put("B06", TakesEveryErrorForDenial)) == {"kind"}


def test_token_request_without_a_code_is_found(put: Put) -> None:
    """There is nothing to exchange."""
    assert failed(put("B06", SendsSomethingAnyway)) == {"no-token-request"}


def test_client_that_gives_up_is_found(put: Put) -> None:
    """The trouble passes."""
    assert failed(put("B06", GivesUp)) == {"recovers"}

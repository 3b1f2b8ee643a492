"""B06: clients that mistake the provider's trouble."""

from collections.abc import Mapping

from livestorm_contract_tests.driving.kinds import Kind

from .careless import SendsSomethingAnyway
from .conftest import Put, failed
from .model_client import BUSY_CODES, CONFIG_CODES, Failure, ModelClient


class TakesTroubleForDenial(ModelClient):
    """Tells the user that they refused."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Know one error and those of the configuration."""
        if given.get("error") in BUSY_CODES:
            raise Failure(Kind.DENIED, "the user refused")
        super().check_granted(given)


class FailsOnOtherErrors(ModelClient):
    """Has an exception for each error that it knows."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Look it up."""
        known = {"access_denied", *BUSY_CODES, *CONFIG_CODES}
        if "error" in given and given["error"] not in known:
            raise KeyError(given["error"])
        super().check_granted(given)


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
    assert failed(put("B06", TakesTroubleForDenial)) == {"kind"}


def test_crash_over_an_unknown_error_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("B06", FailsOnOtherErrors)) == {"other-kind"}


def test_token_request_without_a_code_is_found(put: Put) -> None:
    """There is nothing to exchange."""
    assert failed(put("B06", SendsSomethingAnyway)) == {"no-token-request"}


def test_client_that_gives_up_is_found(put: Put) -> None:
    """The trouble passes."""
    assert failed(put("B06", GivesUp)) == {"recovers"}

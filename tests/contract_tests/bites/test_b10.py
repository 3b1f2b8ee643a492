"""B10: clients that mix servers up."""

from collections.abc import Mapping

import pytest
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.suite.verdicts import Verdict

from .careless import Disconnects, SendsSomethingAnyway
from .conftest import Put, failed
from .model_client import Failure, ModelClient


class IgnoresTheIssuer(ModelClient):
    """Has a setting for the issuer, and no check."""

    def check_issuer(self, given: Mapping[str, str]) -> None:
        """Look at nothing."""


class ComparesTheIssuerIfAny(ModelClient):
    """Compares `iss` where there is one, which an attacker leaves out."""

    def check_issuer(self, given: Mapping[str, str]) -> None:
        """Skip the check where there is nothing to compare."""
        if "iss" in given:
            super().check_issuer(given)


class NormalisesTheIssuer(ModelClient):
    """Compares issuers as URLs, where a slash at the end is none."""

    def check_issuer(self, given: Mapping[str, str]) -> None:
        """Drop the slash."""
        super().check_issuer({**given, "iss": given.get("iss", "").rstrip("/")})


class LooksAtTheErrorFirst(ModelClient):
    """Checks the issuer of codes, not of errors."""

    def check_issuer(self, given: Mapping[str, str]) -> None:
        """Report the error."""
        self.check_granted(given)
        super().check_issuer(given)


class RefusesTheIssuer(ModelClient):
    """Compares the issuer with another URL that it knows."""

    def check_issuer(self, given: Mapping[str, str]) -> None:
        """Expect the endpoint."""
        if self.config["issuer"] and given.get("iss") != self.config["authorize_url"]:
            raise Failure(Kind.SECURITY_ERROR, "the callback comes from another issuer")


class RefusesUnexpectedIssuers(ModelClient):
    """Takes a parameter that nobody announced for an attack."""

    def check_issuer(self, given: Mapping[str, str]) -> None:
        """Refuse it."""
        if given.get("iss") != self.config.get("issuer"):
            raise Failure(Kind.SECURITY_ERROR, "the callback comes from another issuer")


class CallsItMisconfiguration(ModelClient):
    """Has no error for attacks."""

    def check_issuer(self, given: Mapping[str, str]) -> None:
        """Blame the operator."""
        try:
            super().check_issuer(given)
        except Failure as failure:
            raise Failure(Kind.CONFIG_ERROR, str(failure)) from None


class WithoutIssuer(ModelClient):
    """Does not know RFC 9207, and says so."""

    features = {**ModelClient.features, "iss": False}  # noqa: RUF012


@pytest.mark.parametrize("client", [IgnoresTheIssuer, ComparesTheIssuerIfAny, NormalisesTheIssuer])
def test_callback_of_another_issuer_is_found(put: Put, client: type[ModelClient]) -> None:
    """Of a foreign one, of none, of one with a slash more."""
    found = failed(put("B10", client))
    assert found == {"kind", "no-token-request", "store-unchanged"}


@pytest.mark.parametrize("client", [LooksAtTheErrorFirst, CallsItMisconfiguration])
def test_other_word_for_another_issuer_is_found(put: Put, client: type[ModelClient]) -> None:
    """A foreign denial is no denial, and an attack no setting."""
    assert failed(put("B10", client)) == {"kind"}


def test_refused_issuer_is_found(put: Put) -> None:
    """The right one has to be accepted."""
    assert failed(put("B10", RefusesTheIssuer)) == {"right-accepted"}


def test_issuer_that_nobody_announced_is_found(put: Put) -> None:
    """It is an unknown parameter then."""
    assert failed(put("B10", RefusesUnexpectedIssuers)) == {"ignored"}


def test_code_sent_before_the_check_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("B10", SendsSomethingAnyway)) == {"no-token-request"}


def test_session_ended_by_another_issuer_is_found(put: Put) -> None:
    """The old connection is another matter."""
    assert failed(put("B10", Disconnects)) == {"store-unchanged"}


def test_client_without_issuers_is_not_judged(put: Put) -> None:
    """It says that it checks none."""
    assert put("B10", WithoutIssuer).verdict is Verdict.SKIP

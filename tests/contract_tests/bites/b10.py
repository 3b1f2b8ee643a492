"""B10: clients that mix servers up."""

from collections.abc import Mapping
from typing import ClassVar

from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.suite.verdicts import Verdict

from ..model_client.callbacks import Callbacks
from ..model_client.offer import Offer
from ..model_client.values import Failure, Message
from .shared.careless import Disconnects, SendsSomethingAnyway
from .table import Bite, Table


class IgnoresTheIssuer(Callbacks):
    """Has a setting for the issuer, and no check."""

    def check_issuer(self, given: Mapping[str, str]) -> None:
        """Look at nothing."""


class ComparesTheIssuerIfAny(Callbacks):
    """Compares `iss` where there is one, which an attacker leaves out."""

    def check_issuer(self, given: Mapping[str, str]) -> None:
        """Skip the check where there is nothing to compare."""
        if "iss" in given:
            super().check_issuer(given)


class NormalisesTheIssuer(Callbacks):
    """Compares issuers as URLs, where a slash at the end is none."""

    def check_issuer(self, given: Mapping[str, str]) -> None:
        """Drop the slash."""
        super().check_issuer({**given, "iss": given.get("iss", "").rstrip("/")})


class LooksAtTheErrorFirst(Callbacks):
    """Checks the issuer of codes, not of errors."""

    def check_issuer(self, given: Mapping[str, str]) -> None:
        """Report the error."""
        self.check_granted(given)
        super().check_issuer(given)


class RefusesTheIssuer(Callbacks):
    """Compares the issuer with another URL that it knows."""

    def check_issuer(self, given: Mapping[str, str]) -> None:
        """Expect the endpoint."""
        if self.config["issuer"] and given.get("iss") != self.config["authorize_url"]:
            raise Failure(Kind.SECURITY_ERROR, "the callback comes from another issuer")


class RefusesUnexpectedIssuers(Callbacks):
    """Takes a parameter that nobody announced for an attack."""

    def check_issuer(self, given: Mapping[str, str]) -> None:
        """Refuse it."""
        if given.get("iss") != self.config.get("issuer"):
            raise Failure(Kind.SECURITY_ERROR, "the callback comes from another issuer")


class CallsItMisconfiguration(Callbacks):
    """Has no error for attacks."""

    def check_issuer(self, given: Mapping[str, str]) -> None:
        """Blame the operator."""
        try:
            super().check_issuer(given)
        except Failure as failure:
            raise Failure(Kind.CONFIG_ERROR, str(failure)) from None


class WithoutIssuer(Offer):
    """Does not know RFC 9207, and says so."""

    features: ClassVar[Message] = {**Offer.features, "iss": False}


TABLE = Table(
    [
        Bite(IgnoresTheIssuer, {"kind", "no-token-request", "store-unchanged"}),
        Bite(ComparesTheIssuerIfAny, {"kind", "no-token-request", "store-unchanged"}),
        Bite(NormalisesTheIssuer, {"kind", "no-token-request", "store-unchanged"}),
        Bite(LooksAtTheErrorFirst, {"kind"}),
        Bite(CallsItMisconfiguration, {"kind"}),
        Bite(RefusesTheIssuer, {"right-accepted"}),
        Bite(RefusesUnexpectedIssuers, {"ignored"}),
        Bite(SendsSomethingAnyway, {"no-token-request"}),
        Bite(Disconnects, {"store-unchanged"}),
        Bite(WithoutIssuer, verdict=Verdict.SKIP),
    ],
)

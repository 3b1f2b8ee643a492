"""G10: clients that know one form of an address only."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.sending import Sending
from ..model_client.values import Answer, Failure
from .table import Bite, Table


class SplitsAtTheColon(Sending):
    """Takes what follows the first colon for the port."""

    def send(self, method: str, url: str, **told: Any) -> Answer:
        """Split by hand."""
        _, port = urlsplit(url).netloc.split(":")
        assert port.isdecimal()
        return super().send(method, url, **told)


class WantsNumbers(Sending):
    """Expects each host to be an address."""

    def check_confidential(self, url: str) -> None:
        """Parse the host as one."""
        ipaddress.ip_address(urlsplit(url).hostname or "")


class KnowsOneFamily(Sending):
    """Connects by IPv4 only, and says so."""

    def send(self, method: str, url: str, **told: Any) -> Answer:
        """Refuse brackets."""
        if "[" in url:
            raise Failure(Kind.TRANSPORT_ERROR, "no such host")
        return super().send(method, url, **told)


class HasNoWordForNobody(Sending):
    """Expects that somebody answers at an address."""

    def send(self, method: str, url: str, **told: Any) -> Answer:
        """Fail on failure."""
        try:
            return super().send(method, url, **told)
        except Failure:
            if "[" in url:
                raise AssertionError from None
            raise


class NeedsAnAnswerOfItsOwnFamily(Sending):
    """Takes an answer from [::1] for one that can't be."""

    def send(self, method: str, url: str, **told: Any) -> Answer:
        """Fail on success."""
        answer = super().send(method, url, **told)
        assert "[" not in url
        return answer


TABLE = Table(
    [
        Bite(NeedsAnAnswerOfItsOwnFamily, {"ipv6"}),
        Bite(SplitsAtTheColon, {"ipv6", "nobody"}),
        Bite(WantsNumbers, {"localhost"}),
        Bite(HasNoWordForNobody, {"nobody"}),
        # Nobody has to speak IPv6, if the error is clear.
        Bite(KnowsOneFamily),
    ],
)

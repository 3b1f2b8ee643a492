"""G10: clients that know one form of an address only."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.suite.verdicts import Verdict

from .conftest import Put, failed
from .model_client import Answer, Failure, ModelClient


class SplitsAtTheColon(ModelClient):
    """Takes what follows the first colon for the port."""

    def send(self, method: str, url: str, **told: Any) -> Answer:
        """Split by hand."""
        _, port = urlsplit(url).netloc.split(":")
        assert port.isdecimal()
        return super().send(method, url, **told)


class WantsNumbers(ModelClient):
    """Expects each host to be an address."""

    def check_confidential(self, url: str) -> None:
        """Parse the host as one."""
        ipaddress.ip_address(urlsplit(url).hostname or "")


class KnowsOneFamily(ModelClient):
    """Connects by IPv4 only, and says so."""

    def send(self, method: str, url: str, **told: Any) -> Answer:
        """Refuse brackets."""
        if "[" in url:
            raise Failure(Kind.TRANSPORT_ERROR, "no such host")
        return super().send(method, url, **told)


class HasNoWordForNobody(ModelClient):
    """Expects that somebody answers at an address."""

    def send(self, method: str, url: str, **told: Any) -> Answer:
        """Fail on failure."""
        try:
            return super().send(method, url, **told)
        except Failure:
            if "[" in url:
                raise AssertionError from None
            raise


class NeedsAnAnswerOfItsOwnFamily(ModelClient):
    """Takes an answer from [::1] for one that can't be."""

    def send(self, method: str, url: str, **told: Any) -> Answer:
        """Fail on success."""
        answer = super().send(method, url, **told)
        assert "[" not in url
        return answer


def test_clear_error_is_right(put: Put) -> None:
    """It need not speak IPv6."""
    assert put("G10", KnowsOneFamily).verdict is Verdict.PASS


def test_crash_over_an_answer_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("G10", NeedsAnAnswerOfItsOwnFamily)) == {"ipv6"}


def test_crash_over_brackets_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("G10", SplitsAtTheColon)) == {"ipv6", "nobody"}


def test_crash_over_a_name_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("G10", WantsNumbers)) == {"localhost"}


def test_error_without_a_word_is_found(put: Put) -> None:
    """Nobody listens, and nobody is told."""
    assert failed(put("G10", HasNoWordForNobody)) == {"nobody"}

"""G10: clients that know one form of an address only."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from .conftest import Put, failed
from .fragile_clients import LetsErrorsThrough
from .model_client import Answer, ModelClient


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


def test_crash_over_brackets_is_found(put: Put) -> None:
    """A server on [::1] must be found."""
    assert failed(put("G10", SplitsAtTheColon)) == {"ipv6", "nobody"}


def test_crash_over_a_name_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("G10", WantsNumbers)) == {"localhost"}


def test_error_without_a_word_is_found(put: Put) -> None:
    """Nobody listens, and nobody is told."""
    assert failed(put("G10", LetsErrorsThrough)) == {"nobody"}

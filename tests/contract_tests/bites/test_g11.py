"""G11: clients that believe any server, or none."""

import ssl
from typing import Any

import pytest

from .conftest import Put, failed
from .fragile_clients import LetsErrorsThrough
from .model_client import ModelClient


class VerifiesNothing(ModelClient):
    """Has verification turned off, as forums advise."""

    def trust(self) -> Any:
        """Trust everybody."""
        return False


class ChecksNoName(ModelClient):
    """Verifies the chain, and not whose it is."""

    def trust(self) -> Any:
        """Look at no name."""
        context = ssl.create_default_context(cadata=self.config.get("ca_pem"))
        context.check_hostname = False
        return context


class TrustsTheSystemOnly(ModelClient):
    """Does not look at the authority that it is given."""

    def trust(self) -> Any:
        """Leave the configuration out."""
        return ssl.create_default_context()


@pytest.mark.parametrize("client", [VerifiesNothing, ChecksNoName])
def test_missing_verification_is_found(put: Put, client: type[ModelClient]) -> None:
    """Requests come through."""
    assert failed(put("G11", client)) == {"kind", "nothing-sent"}


def test_error_without_a_word_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("G11", LetsErrorsThrough)) == {"kind"}


def test_ignored_authority_is_found(put: Put) -> None:
    """A right certificate must be accepted."""
    assert failed(put("G11", TrustsTheSystemOnly)) == {"good"}

"""B05: clients that do not take no for an answer."""

from collections.abc import Mapping

import pytest
from livestorm_contract_tests.driving.kinds import Kind

from .careless import Disconnects, SendsSomethingAnyway
from .conftest import Put, failed
from .model_client import Failure, ModelClient


class LooksForTheCodeOnly(ModelClient):
    """Knows no error of a callback, and trips over the missing code."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Expect a code."""
        given["code"]


class AsksForAppTokens(ModelClient):
    """Tries another grant where the user refuses."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Fall back to the client's own credentials."""
        if "error" in given:
            self.token_request({"grant_type": "client_credentials"})
        super().check_granted(given)


class ReportsMisconfiguration(ModelClient):
    """Has one error for all errors."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Blame the operator."""
        if "error" in given:
            raise Failure(Kind.CONFIG_ERROR, given["error"])


@pytest.mark.parametrize("client", [LooksForTheCodeOnly, ReportsMisconfiguration])
def test_denial_taken_for_something_else_is_found(put: Put, client: type[ModelClient]) -> None:
    """A crash, and a configuration error."""
    assert failed(put("B05", client)) == {"kind"}


@pytest.mark.parametrize("client", [SendsSomethingAnyway, AsksForAppTokens])
def test_token_request_after_a_denial_is_found(put: Put, client: type[ModelClient]) -> None:
    """Of whatever grant."""
    assert failed(put("B05", client)) == {"no-token-request"}


def test_session_ended_by_a_denial_is_found(put: Put) -> None:
    """The old connection was not asked about."""
    assert failed(put("B05", Disconnects)) == {"store-unchanged"}

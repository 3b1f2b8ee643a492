"""A02: clients that leave PKCE out, or spoil it."""

from typing import Any, ClassVar

import pytest
from livestorm_contract_tests.suite.verdicts import Verdict

from .conftest import Put, failed
from .model_client import Answer, ModelClient, Pending

CHECKS = {"challenge", "verifier-fits", "verifier-form", "fresh"}


class Public(ModelClient):
    """Has no secret."""

    features: ClassVar[dict[str, Any]] = {**ModelClient.features, "auth_methods": ["none"]}


class SendsPlainChallenge(ModelClient):
    """Sends the verifier itself as the challenge."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Derive nothing."""
        plain = {"code_challenge": pending.verifier, "code_challenge_method": "plain"}
        return super().authorization_parameters(pending) | plain


class SendsNoChallenge(ModelClient):
    """Knows nothing of PKCE, whatever it says of itself."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Leave it out."""
        asked = super().authorization_parameters(pending)
        return {name: value for name, value in asked.items() if not name.startswith("code_")}


class ForgetsTheVerifier(ModelClient):
    """Sends another verifier than it began with, as after a lost session."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Draw a new one."""
        pending.verifier = self.new_verifier()
        return super().exchange(code, pending)


class DrawsShortVerifier(ModelClient):
    """Takes 16 bytes for enough."""

    def new_verifier(self) -> str:
        """Cut it."""
        return super().new_verifier()[:22]


class DrawsOneVerifier(ModelClient):
    """Has its verifier in the configuration."""

    def new_verifier(self) -> str:
        """Give it again."""
        return "nF3xYp7qLw2ZkT8vRb5MdJ0cHs6Ga1Uo9EiXtQyWz4B"


class PublicWithoutPKCE(Public, SendsNoChallenge):
    """Has neither secret nor challenge."""


def test_public_client_passes(put: Put) -> None:
    """Without a secret the same is demanded, and more strictly."""
    result = put("A02", Public)
    assert result.verdict is Verdict.PASS
    assert {one.check for one in result.checks} >= {f"A02:public-{check}" for check in CHECKS}


def test_missing_challenge_is_found(put: Put) -> None:
    """No challenge, so no verifier that fits."""
    assert failed(put("A02", SendsNoChallenge)) == {"challenge", "verifier-fits"}


def test_missing_challenge_of_public_client_is_found(put: Put) -> None:
    """It has its own checks, as its level is another."""
    found = failed(put("A02", PublicWithoutPKCE))
    assert found == {"public-challenge", "public-verifier-fits"}


def test_plain_challenge_is_found(put: Put) -> None:
    """Whoever reads the authorization request has the verifier."""
    assert failed(put("A02", SendsPlainChallenge)) == {"challenge", "verifier-fits"}


@pytest.mark.parametrize(
    ("client", "check"),
    [
        (ForgetsTheVerifier, "verifier-fits"),
        (DrawsShortVerifier, "verifier-form"),
        (DrawsOneVerifier, "fresh"),
    ],
)
def test_spoilt_verifier_is_found(put: Put, client: type[ModelClient], check: str) -> None:
    """A foreign one, a short one, one for all flows."""
    assert failed(put("A02", client)) == {check}


@pytest.mark.parametrize(
    ("client", "check"),
    [
        (ForgetsTheVerifier, "public-verifier-fits"),
        (DrawsShortVerifier, "public-verifier-form"),
        (DrawsOneVerifier, "public-fresh"),
    ],
)
def test_spoilt_verifier_of_public_client_is_found(
    put: Put, client: type[ModelClient], check: str
) -> None:
    """The same without a secret."""
    public = type(client.__name__, (client, Public), {"features": Public.features})
    assert failed(put("A02", public)) == {check}

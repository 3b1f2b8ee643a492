"""The rules on PKCE."""

import pytest
from livestorm_mock_server import LivestormSandbox

from .sender import Sender, found, message, new_secret

pytestmark = pytest.mark.livestorm(rate_limits=False, consent="approve")


def test_missing_challenge_is_found(livestorm: LivestormSandbox, sender: Sender) -> None:
    """A flow without PKCE is found."""
    code = sender.code(code_challenge=None, code_challenge_method=None)
    sender.redeem(code, code_verifier=None)
    assert found(livestorm) == {"missing_pkce": (1,)}


@pytest.mark.livestorm(
    rate_limits=False, consent="approve", grant_flows=("authorization_code", "implicit")
)
def test_implicit_flow_needs_no_challenge(livestorm: LivestormSandbox, sender: Sender) -> None:
    """There is no PKCE where there is no code."""
    sender.authorize(response_type="token", code_challenge=None, code_challenge_method=None)
    assert found(livestorm) == {}


def test_s256_is_fine(livestorm: LivestormSandbox, sender: Sender) -> None:
    """Two flows with S256 and a verifier each have no finding."""
    sender.connect()
    sender.connect()
    assert found(livestorm) == {}


@pytest.mark.parametrize("method", ["plain", None])
def test_plain_challenge_is_found(
    livestorm: LivestormSandbox, sender: Sender, method: str | None
) -> None:
    """The method plain is found, also where it is the default."""
    verifier = new_secret()
    sender.authorize(code_challenge=verifier, code_challenge_method=method)
    assert found(livestorm) == {"plain_challenge": (1,)}


def test_reused_plain_verifier_is_found(livestorm: LivestormSandbox, sender: Sender) -> None:
    """A plain challenge is recognised as the verifier."""
    verifier = new_secret()
    for _ in range(2):
        code = sender.code(code_challenge=verifier, code_challenge_method="plain")
        assert sender.redeem(code, code_verifier=verifier).status_code == 200
    assert found(livestorm) == {"plain_challenge": (1, 3), "reused_verifier": (1, 2, 3, 4)}


@pytest.mark.parametrize("length", [42, 129])
def test_verifier_of_wrong_length_is_found(
    livestorm: LivestormSandbox, sender: Sender, length: int
) -> None:
    """A verifier one character too short or too long is found."""
    sender.redeem("unknown-code", code_verifier="Kx81mQ-p" * 16 + "z" if length > 100 else "v" * 42)
    assert found(livestorm) == {"malformed_verifier": (1,)}
    assert message(livestorm) == f"code_verifier has {length} characters instead of 43 to 128"


@pytest.mark.parametrize("foreign", ["+", "/", "=", " ", "\u00e9"])
def test_verifier_with_foreign_characters_is_found(
    livestorm: LivestormSandbox, sender: Sender, foreign: str
) -> None:
    """A verifier in plain base64, or in no ASCII, is found."""
    sender.redeem("unknown-code", code_verifier=f"{new_secret()}{foreign}")
    assert found(livestorm) == {"malformed_verifier": (1,)}


@pytest.mark.parametrize("verifier", ["v" * 43, "-._~" * 32])
def test_verifier_of_extreme_length_is_fine(
    livestorm: LivestormSandbox, sender: Sender, verifier: str
) -> None:
    """43 and 128 characters are allowed, and so are all four signs."""
    sender.redeem("unknown-code", code_verifier=verifier)
    assert found(livestorm) == {}


def test_reused_challenge_is_found(livestorm: LivestormSandbox, sender: Sender) -> None:
    """A challenge in two flows is found."""
    challenge = new_secret()
    sender.authorize(code_challenge=challenge)
    sender.authorize(code_challenge=challenge)
    assert found(livestorm) == {"reused_verifier": (1, 2)}


def test_reused_verifier_is_found(livestorm: LivestormSandbox, sender: Sender) -> None:
    """A verifier beside two codes is found, even if the authorization requests are unknown."""
    sender.redeem("one-code", code_verifier=sender.verifier)
    sender.redeem("another-code", code_verifier=sender.verifier)
    assert found(livestorm) == {"reused_verifier": (1, 2)}


def test_verifier_of_a_code_sent_twice_is_not_reused(
    livestorm: LivestormSandbox, sender: Sender
) -> None:
    """The same code has the same verifier."""
    sender.redeem("one-code")
    sender.redeem("one-code")
    assert found(livestorm) == {"code_sent_twice": (1, 2)}

"""The rules on codes."""

import pytest
from livestorm_mock_server import LivestormSandbox

from .sender import Sender, code_in, found, message

pytestmark = pytest.mark.livestorm(rate_limits=False, consent="approve")


def test_different_redirect_uri_is_found(livestorm: LivestormSandbox, sender: Sender) -> None:
    """A redirect URI with one character more is found, with both requests."""
    sender.redeem(sender.code(), redirect_uri=f"{livestorm.redirect_uri}/")
    assert found(livestorm) == {"different_redirect_uri": (1, 2)}
    assert message(livestorm).endswith(f"at character {len(livestorm.redirect_uri) + 1}")


def test_other_loopback_port_is_found(livestorm: LivestormSandbox, sender: Sender) -> None:
    """What the engine lets pass is found all the same."""
    code = sender.code(redirect_uri="http://127.0.0.1:5001/callback")
    sender.redeem(code, redirect_uri="http://127.0.0.1:5002/callback")
    assert found(livestorm) == {"different_redirect_uri": (1, 2)}


def test_missing_redirect_uri_is_found(livestorm: LivestormSandbox, sender: Sender) -> None:
    """A token request without the redirect URI of the authorization request is found."""
    sender.redeem(sender.code(), redirect_uri=None)
    assert "is missing" in message(livestorm)


def test_redirect_uri_of_a_shortcut_is_not_judged(
    livestorm: LivestormSandbox, sender: Sender
) -> None:
    """Nothing is known about the authorization request of a code from the control API."""
    code = code_in(livestorm.authorize(redirect_uri="http://127.0.0.1:5001/callback"))
    sender.redeem(code, code_verifier=None, redirect_uri="http://127.0.0.1:5002/callback")
    assert found(livestorm) == {}


def test_code_sent_twice_is_found(livestorm: LivestormSandbox, sender: Sender) -> None:
    """A code that was redeemed and is sent again is found."""
    code = sender.code()
    sender.redeem(code)
    sender.redeem(code)
    assert found(livestorm) == {"code_sent_twice": (2, 3)}
    assert message(livestorm).endswith("the first attempt succeeded: the answer 200")
    assert code[:7] not in message(livestorm)


def test_code_sent_again_after_a_failure_is_found(
    livestorm: LivestormSandbox, sender: Sender
) -> None:
    """A failed attempt counts as sent, and the message tells that it failed."""
    livestorm.faults.arm("token", "answer", status=500, times=1)
    code = sender.code()
    sender.redeem(code)
    sender.redeem(code)
    assert found(livestorm) == {"code_sent_twice": (2, 3)}
    assert message(livestorm).endswith("the first attempt failed: the answer 500 (fault answer)")


def test_code_sent_again_after_a_spoiled_answer_is_found(
    livestorm: LivestormSandbox, sender: Sender
) -> None:
    """Whether the client has got a spoiled answer is left open."""
    livestorm.faults.arm("token", "garbage", times=1, phase="after")
    code = sender.code()
    sender.redeem(code)
    sender.redeem(code)
    assert "the first attempt may have failed" in message(livestorm)


def test_new_flow_after_a_failure_is_fine(livestorm: LivestormSandbox, sender: Sender) -> None:
    """To start again is what a client should do."""
    livestorm.faults.arm("token", "answer", status=500, times=1)
    sender.redeem(sender.code())
    sender.redeem(sender.code())
    assert found(livestorm) == {}

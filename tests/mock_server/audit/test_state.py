"""The rules on `state`."""

import pytest
from livestorm_mock_server import LivestormSandbox

from .sender import Sender, code_in, found, message, new_secret

pytestmark = pytest.mark.livestorm(rate_limits=False, consent="approve")


def test_missing_state_is_found(livestorm: LivestormSandbox, sender: Sender) -> None:
    """An authorization request without a state is found."""
    sender.authorize(state=None)
    assert found(livestorm) == {"missing_state": (1,)}


def test_empty_state_is_missing(livestorm: LivestormSandbox, sender: Sender) -> None:
    """An empty state is none."""
    sender.authorize(state="")
    assert found(livestorm) == {"missing_state": (1,)}


def test_fresh_states_are_fine(livestorm: LivestormSandbox, sender: Sender) -> None:
    """A state of its own for each flow is what a client should send."""
    sender.authorize()
    sender.authorize()
    assert found(livestorm) == {}


def test_request_without_client_is_no_authorization_request(
    livestorm: LivestormSandbox, sender: Sender
) -> None:
    """Somebody who looks at the bare URL is not a client that forgot its state."""
    sender.http.get(f"{livestorm.app_url}/oauth/authorize")
    assert found(livestorm) == {}


def test_reused_state_is_found(livestorm: LivestormSandbox, sender: Sender) -> None:
    """A state in two flows is found, with both."""
    state = new_secret()
    sender.authorize(state=state)
    sender.authorize(state=state)
    assert found(livestorm) == {"reused_state": (1, 2)}
    assert state[:7] not in message(livestorm)


def test_state_of_a_fixed_url_is_reused_once_the_user_was_sent_back(
    livestorm: LivestormSandbox, sender: Sender
) -> None:
    """The same URL after the end of its flow begins another flow."""
    state, challenge = new_secret(), new_secret()
    sender.authorize(state=state, code_challenge=challenge)
    sender.authorize(state=state, code_challenge=challenge)
    assert found(livestorm) == {"reused_state": (1, 2), "reused_verifier": (1, 2)}


@pytest.mark.livestorm(rate_limits=False)
def test_reload_of_the_consent_page_is_fine(livestorm: LivestormSandbox, sender: Sender) -> None:
    """The same URL before the user has decided is a reload, and the form is its continuation."""
    state, challenge = new_secret(), new_secret()
    sender.authorize(state=state, code_challenge=challenge)
    sender.authorize(state=state, code_challenge=challenge)
    assert found(livestorm) == {}


@pytest.mark.livestorm(rate_limits=False)
def test_states_of_other_clients_are_their_own(livestorm: LivestormSandbox, sender: Sender) -> None:
    """Two clients with the same state don't reuse it."""
    state = new_secret()
    sender.authorize(state=state)
    sender.authorize(state=state, client_id=livestorm.public_client_id)
    assert found(livestorm) == {}


def test_short_state_is_found(livestorm: LivestormSandbox, sender: Sender) -> None:
    """A state that can't hold 128 bits is found."""
    sender.authorize(state="4711-0815")
    assert found(livestorm) == {"guessable_state": (1,)}
    assert message(livestorm) == (
        "state 471... can be guessed: its 9 characters hold at most 26 bits; it takes 128"
    )


def test_counted_states_are_found(livestorm: LivestormSandbox, sender: Sender) -> None:
    """A long state that counts is found at its second value."""
    start = new_secret()
    sender.authorize(state=f"{start}0001")
    sender.authorize(state=f"{start}0002")
    assert found(livestorm) == {"guessable_state": (2,)}


def test_state_with_a_fixed_part_is_fine(livestorm: LivestormSandbox, sender: Sender) -> None:
    """A long part that stays the same does no harm beside enough that does not."""
    sender.authorize(state=f"eyJhbGciOiJIUzI1NiJ9.eyJyZXR1cm4iOiIvc2V0dGluZ3MifQ.{new_secret()}")
    sender.authorize(state=f"eyJhbGciOiJIUzI1NiJ9.eyJyZXR1cm4iOiIvc2V0dGluZ3MifQ.{new_secret()}")
    assert found(livestorm) == {}


@pytest.mark.livestorm(rate_limits=False)
def test_shortcut_is_no_authorization_request(livestorm: LivestormSandbox, sender: Sender) -> None:
    """A code made by the control API has no state to judge, and its use is fine."""
    sender.redeem(code_in(livestorm.authorize()), code_verifier=None)
    assert found(livestorm) == {}

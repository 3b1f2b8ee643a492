"""The rules on refresh tokens."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

from .sender import Sender, found, message

pytestmark = pytest.mark.livestorm(rate_limits=False)


@pytest.fixture
def token(livestorm: LivestormSandbox) -> str:
    """A refresh token."""
    return str(livestorm.issue_tokens()["refresh_token"])


def test_superseded_token_is_found(livestorm: LivestormSandbox, sender: Sender, token: str) -> None:
    """A refresh token that is sent again, although there is a new one, is found."""
    sender.refresh(token)
    sender.refresh(token)
    assert found(livestorm) == {"superseded_refresh_token": (1, 2)}
    assert token[:7] not in message(livestorm)


def test_newest_token_is_fine(livestorm: LivestormSandbox, sender: Sender, token: str) -> None:
    """Each refresh with the token of the one before is what a client should do."""
    renewed = sender.refresh(token).json()["refresh_token"]
    sender.refresh(renewed)
    assert found(livestorm) == {}


@pytest.mark.livestorm(rate_limits=False, rotation="never")
def test_token_that_stays_is_fine(livestorm: LivestormSandbox, sender: Sender, token: str) -> None:
    """Without rotation there is only the one token."""
    sender.refresh(token)
    sender.refresh(token)
    assert found(livestorm) == {}


def test_token_without_a_successor_is_fine(
    livestorm: LivestormSandbox, sender: Sender, token: str
) -> None:
    """A client whose answer had no refresh token keeps the old one."""
    livestorm.faults.arm("token", "token_fields", drop=["refresh_token"], times=1)
    sender.refresh(token)
    sender.refresh(token)
    assert found(livestorm) == {}


def test_token_of_a_lost_answer_is_fine(
    livestorm: LivestormSandbox, sender: Sender, token: str
) -> None:
    """A client that never got the successor may try once more."""
    livestorm.faults.arm("token", "close", phase="after", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        sender.refresh(token)
    sender.refresh(token)
    assert found(livestorm) == {}


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "delay", "seconds": 0.21},
        {"fault": "barrier", "parties": 1, "delay": 0.21},
    ],
)
def test_late_answer_is_as_good_as_lost(
    livestorm: LivestormSandbox, sender: Sender, token: str, fault: dict[str, Any]
) -> None:
    """A client may have given up before a late answer came."""
    livestorm.faults.arm("token", times=1, **fault)
    sender.refresh(token)
    sender.refresh(token)
    assert found(livestorm) == {}


def test_refreshes_at_the_same_time_are_found(
    livestorm: LivestormSandbox, sender: Sender, token: str
) -> None:
    """Two requests with one token that wait for each other are under way together."""
    livestorm.faults.arm("token", "barrier", parties=2)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(sender.refresh, [token, token]))
    assert found(livestorm) == {"concurrent_refresh": (1, 2)}


def test_refreshes_of_two_users_at_the_same_time_are_fine(
    livestorm: LivestormSandbox, sender: Sender, token: str
) -> None:
    """Each grant has its own token."""
    livestorm.faults.arm("token", "barrier", parties=2)
    with ThreadPoolExecutor(2) as pool:
        other = str(livestorm.issue_tokens()["refresh_token"])
        list(pool.map(sender.refresh, [token, other]))
    assert found(livestorm) == {}


def test_polling_a_dead_grant_is_found(
    livestorm: LivestormSandbox, sender: Sender, token: str
) -> None:
    """Refreshes after invalid_grant are found, all of them as one."""
    livestorm.revoke_token(token)
    for _ in range(3):
        sender.refresh(token)
    assert found(livestorm) == {"dead_grant": (1, 2, 3)}


def test_new_grant_after_invalid_grant_is_fine(
    livestorm: LivestormSandbox, sender: Sender, token: str
) -> None:
    """Another token after invalid_grant is what a client should send."""
    livestorm.revoke_token(token)
    sender.refresh(token)
    sender.refresh(str(livestorm.issue_tokens()["refresh_token"]))
    assert found(livestorm) == {}


def test_second_try_after_a_server_error_is_fine(
    livestorm: LivestormSandbox, sender: Sender, token: str
) -> None:
    """A 503 does not end the grant."""
    livestorm.faults.arm("token", "oauth_error", error="temporarily_unavailable", times=1)
    sender.refresh(token)
    sender.refresh(token)
    assert found(livestorm) == {}


@pytest.mark.parametrize("body", ["<h1>Maintenance</h1>", "[]", "[" * 100_000, '{"error": "x"}'])
def test_second_try_after_no_token_is_fine(
    livestorm: LivestormSandbox, sender: Sender, token: str, body: str
) -> None:
    """A 200 that is no token supersedes nothing."""
    livestorm.faults.arm("token", "answer", body=body, times=1)
    sender.refresh(token)
    sender.refresh(token)
    assert found(livestorm) == {}

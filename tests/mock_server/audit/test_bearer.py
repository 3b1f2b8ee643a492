"""The rules on access tokens and other credentials at the wrong place or time."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from livestorm_mock_server import LivestormSandbox

from .sender import Sender, found, message

pytestmark = pytest.mark.livestorm(rate_limits=False)


@pytest.fixture
def tokens(livestorm: LivestormSandbox) -> dict[str, Any]:
    """A pair of tokens."""
    return livestorm.issue_tokens()


def test_bearer_at_another_origin_is_found(
    livestorm: LivestormSandbox, sender: Sender, tokens: dict[str, Any]
) -> None:
    """A client that takes its token along a redirection is found."""
    livestorm.faults.arm("api.me", "redirect", times=1)
    answer = sender.call(tokens["access_token"])
    authorization = answer.request.headers["authorization"]
    sender.http.get(answer.headers["location"], headers={"Authorization": authorization})
    assert found(livestorm) == {"bearer_to_other_origin": (2,)}


def test_private_token_at_another_origin_is_found(
    livestorm: LivestormSandbox, sender: Sender
) -> None:
    """A private token has no scheme before it, and is found as well."""
    livestorm.faults.arm("api.me", "redirect", times=1)
    headers = {"Authorization": livestorm.private_token}
    answer = sender.http.get(f"{livestorm.api_url}/me", headers=headers)
    sender.http.get(answer.headers["location"], headers=headers)
    assert found(livestorm) == {"bearer_to_other_origin": (2,)}


def test_bearer_at_another_origin_behind_a_proxy_is_found(
    livestorm: LivestormSandbox, sender: Sender, tokens: dict[str, Any]
) -> None:
    """What arrives at the second port was sent to the other origin, whatever its name is."""
    headers = {
        "Authorization": f"Bearer {tokens['access_token']}",
        "Host": "other.example.test",
        "X-Forwarded-Proto": "https",
    }
    sender.http.get(f"{livestorm.other_url}/v1/ping", headers=headers)
    assert found(livestorm) == {"bearer_to_other_origin": (1,)}


def test_redirection_without_the_bearer_is_fine(
    livestorm: LivestormSandbox, sender: Sender, tokens: dict[str, Any]
) -> None:
    """What is sent to the other origin without credentials harms nobody."""
    livestorm.faults.arm("api.me", "redirect", times=1)
    sender.http.get(sender.call(tokens["access_token"]).headers["location"])
    assert found(livestorm) == {}


def test_redirection_to_the_same_origin_is_fine(
    livestorm: LivestormSandbox, sender: Sender, tokens: dict[str, Any]
) -> None:
    """The token may go to the origin that it is for."""
    livestorm.faults.arm("api.me", "redirect", to="same_origin", times=1)
    answer = sender.call(tokens["access_token"])
    sender.http.get(answer.headers["location"], headers=dict(answer.request.headers))
    assert found(livestorm) == {}


def test_secrets_at_another_origin_are_found(
    livestorm: LivestormSandbox, sender: Sender, tokens: dict[str, Any]
) -> None:
    """A token request that follows a redirection is found."""
    livestorm.faults.arm("token", "redirect", times=1)
    answer = sender.refresh(tokens["refresh_token"])
    content_type = {"Content-Type": "application/x-www-form-urlencoded"}
    body = answer.request.content
    sender.http.post(answer.headers["location"], content=body, headers=content_type)
    assert found(livestorm) == {"secret_to_other_origin": (2,)}
    assert message(livestorm) == "client_secret, refresh_token sent to another origin"


def test_basic_at_another_origin_is_found(livestorm: LivestormSandbox, sender: Sender) -> None:
    """HTTP Basic is a secret, and no access token."""
    livestorm.faults.arm("api.me", "redirect", times=1)
    location = sender.call("unknown-token").headers["location"]
    sender.http.get(location, auth=(livestorm.client_id, livestorm.client_secret))
    assert found(livestorm) == {"secret_to_other_origin": (2,)}


def test_redirection_that_is_not_followed_is_fine(
    livestorm: LivestormSandbox, sender: Sender, tokens: dict[str, Any]
) -> None:
    """A client that stops at a redirection of its token request does right."""
    livestorm.faults.arm("token", "redirect", times=1)
    sender.refresh(tokens["refresh_token"])
    assert found(livestorm) == {}


def test_dead_access_token_in_use_is_found(
    livestorm: LivestormSandbox, sender: Sender, tokens: dict[str, Any]
) -> None:
    """Calls that go on with an expired access token are found."""
    livestorm.expire_token(tokens["access_token"])
    for _ in range(3):
        sender.call(tokens["access_token"])
    assert found(livestorm) == {"access_token_after_401": (1, 2, 3)}
    assert tokens["access_token"][:7] not in message(livestorm)


def test_refresh_after_401_is_fine(
    livestorm: LivestormSandbox, sender: Sender, tokens: dict[str, Any]
) -> None:
    """Calls in parallel are refused together, and then one of them refreshes."""
    livestorm.expire_token(tokens["access_token"])
    for _ in range(3):
        sender.call(tokens["access_token"])
    sender.call(sender.refresh(tokens["refresh_token"]).json()["access_token"])
    assert found(livestorm) == {}


def test_401_that_passes_is_fine(
    livestorm: LivestormSandbox, sender: Sender, tokens: dict[str, Any]
) -> None:
    """A token that is accepted again is not dead."""
    livestorm.faults.arm("api", "api_error", status=401, times=2)
    for _ in range(3):
        sender.call(tokens["access_token"])
    livestorm.faults.arm("api", "api_error", status=401, times=2)
    for _ in range(3):
        sender.call(tokens["access_token"])
    assert found(livestorm) == {}


def test_calls_together_with_a_refused_one_are_fine(
    livestorm: LivestormSandbox, sender: Sender, tokens: dict[str, Any]
) -> None:
    """Calls that are under way when the first is refused do not ignore it."""
    livestorm.expire_token(tokens["access_token"])
    livestorm.faults.arm("api", "barrier", parties=4)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sender.call, [tokens["access_token"]] * 4))
    assert found(livestorm) == {}


@pytest.mark.livestorm(rate_limits=False, missing_scope_status=401)
def test_401_for_a_missing_scope_is_fine(livestorm: LivestormSandbox, sender: Sender) -> None:
    """A token without the scope for one call is good for others."""
    token = livestorm.issue_tokens(scope="events:read")["access_token"]
    for _ in range(3):
        assert sender.call(str(token)).status_code == 401
    assert found(livestorm) == {}

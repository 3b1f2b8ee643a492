"""Rotation modes that no recording of the engine covers: what a refresh does to the old pair."""

from typing import Any

import httpx
import pytest
from livestorm_mock_server import InvalidInputError, LivestormSandbox

from .conftest import SendTokenRequest, is_alive


def assert_dead(answer: httpx.Response) -> None:
    """Check that a refresh was refused for good."""
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.livestorm(rate_limits=False, rotation="instant")
def test_instant_rotation_ends_the_old_pair_at_once(
    livestorm: LivestormSandbox,
    http: httpx.Client,
    tokens: dict[str, Any],
    refresh: SendTokenRequest,
) -> None:
    """With the refresh, the old access and refresh token die; the new pair lives."""
    new = refresh(tokens["refresh_token"]).json()
    assert not is_alive(livestorm, http, tokens["access_token"])
    assert_dead(refresh(tokens["refresh_token"]))
    assert is_alive(livestorm, http, new["access_token"])


@pytest.mark.livestorm(rate_limits=False)
def test_rotation_on_use_ends_the_old_pair_with_the_first_call(
    livestorm: LivestormSandbox,
    http: httpx.Client,
    tokens: dict[str, Any],
    refresh: SendTokenRequest,
) -> None:
    """The old pair lives until the new access token is presented."""
    new = refresh(tokens["refresh_token"]).json()
    assert is_alive(livestorm, http, tokens["access_token"])
    assert is_alive(livestorm, http, new["access_token"])
    assert not is_alive(livestorm, http, tokens["access_token"])
    assert_dead(refresh(tokens["refresh_token"]))


@pytest.mark.livestorm(rate_limits=False, rotation="grace", rotation_grace=30)
def test_rotation_with_grace_lets_the_old_pair_live_for_a_while(
    livestorm: LivestormSandbox,
    http: httpx.Client,
    tokens: dict[str, Any],
    refresh: SendTokenRequest,
) -> None:
    """Within the grace period, the old refresh token is good again; after it, no more."""
    livestorm.clock.freeze()
    first = refresh(tokens["refresh_token"]).json()
    livestorm.clock.advance(29)
    second = refresh(tokens["refresh_token"])
    assert second.status_code == 200
    livestorm.clock.advance(1)
    assert_dead(refresh(tokens["refresh_token"]))
    assert not is_alive(livestorm, http, tokens["access_token"])
    assert is_alive(livestorm, http, first["access_token"])
    assert is_alive(livestorm, http, second.json()["access_token"])


@pytest.mark.livestorm(rate_limits=False, rotation="family")
def test_reuse_of_a_refresh_token_ends_its_family(
    livestorm: LivestormSandbox,
    http: httpx.Client,
    tokens: dict[str, Any],
    refresh: SendTokenRequest,
) -> None:
    """A superseded refresh token that comes again ends the chain (RFC 9700, 4.14.2)."""
    second = refresh(tokens["refresh_token"]).json()
    third = refresh(second["refresh_token"]).json()
    assert is_alive(livestorm, http, third["access_token"])
    assert_dead(refresh(tokens["refresh_token"]))
    assert not is_alive(livestorm, http, third["access_token"])
    assert_dead(refresh(third["refresh_token"]))


@pytest.mark.livestorm(rate_limits=False, rotation="family")
def test_reuse_of_a_refresh_token_spares_other_families(
    livestorm: LivestormSandbox,
    http: httpx.Client,
    tokens: dict[str, Any],
    refresh: SendTokenRequest,
) -> None:
    """Another connection of the same user lives on."""
    other = livestorm.issue_tokens()
    refresh(tokens["refresh_token"])
    refresh(tokens["refresh_token"])
    assert is_alive(livestorm, http, str(other["access_token"]))


@pytest.mark.livestorm(rate_limits=False, rotation="family")
def test_stranger_with_an_old_refresh_token_ends_no_family(
    livestorm: LivestormSandbox,
    http: httpx.Client,
    tokens: dict[str, Any],
    refresh: SendTokenRequest,
) -> None:
    """A refused attempt changes nothing: without the client's secret, no family is revoked."""
    new = refresh(tokens["refresh_token"]).json()
    assert refresh(tokens["refresh_token"], client_secret="wrong").status_code in (400, 401)
    assert is_alive(livestorm, http, new["access_token"])


@pytest.mark.livestorm(rate_limits=False, rotation="never")
def test_without_rotation_the_refresh_token_stays(
    livestorm: LivestormSandbox,
    http: httpx.Client,
    tokens: dict[str, Any],
    refresh: SendTokenRequest,
) -> None:
    """Each refresh gives a new access token beside the same refresh token."""
    bodies = [refresh(tokens["refresh_token"]).json() for _ in range(3)]
    assert {body["refresh_token"] for body in bodies} == {tokens["refresh_token"]}
    accesses = [tokens["access_token"], *(body["access_token"] for body in bodies)]
    assert len(set(accesses)) == 4
    assert all(is_alive(livestorm, http, access) for access in accesses)


@pytest.mark.livestorm(rate_limits=False, rotation="never")
def test_without_rotation_revoking_the_refresh_token_ends_all(
    livestorm: LivestormSandbox,
    http: httpx.Client,
    tokens: dict[str, Any],
    refresh: SendTokenRequest,
) -> None:
    """All access tokens that one refresh token gave end with it (RFC 7009, section 2.1)."""
    refresh(tokens["refresh_token"])
    http.post(
        f"{livestorm.app_url}/oauth/revoke",
        data={
            "token": tokens["refresh_token"],
            "client_id": livestorm.client_id,
            "client_secret": livestorm.client_secret,
        },
    )
    assert not is_alive(livestorm, http, tokens["access_token"])


@pytest.mark.livestorm(rate_limits=False, rotation="grace_then_family", rotation_grace=30)
def test_reuse_within_the_grace_period_ends_no_family(
    livestorm: LivestormSandbox,
    http: httpx.Client,
    tokens: dict[str, Any],
    refresh: SendTokenRequest,
) -> None:
    """For a while the old refresh token is good again, and everything lives."""
    livestorm.clock.freeze()
    first = refresh(tokens["refresh_token"]).json()
    livestorm.clock.advance(29)
    second = refresh(tokens["refresh_token"]).json()
    accesses = [one["access_token"] for one in (tokens, first, second)]
    assert [is_alive(livestorm, http, access) for access in accesses] == [True, True, True]


@pytest.mark.livestorm(rate_limits=False, rotation="grace_then_family", rotation_grace=30)
def test_reuse_after_the_grace_period_ends_the_family(
    livestorm: LivestormSandbox,
    http: httpx.Client,
    tokens: dict[str, Any],
    refresh: SendTokenRequest,
) -> None:
    """Later it is a theft: all that came from the old refresh token dies, however new."""
    livestorm.clock.freeze()
    second = refresh(tokens["refresh_token"]).json()
    third = refresh(second["refresh_token"]).json()
    livestorm.clock.advance(30)
    assert is_alive(livestorm, http, third["access_token"])
    assert_dead(refresh(tokens["refresh_token"]))
    assert not is_alive(livestorm, http, third["access_token"])
    assert_dead(refresh(third["refresh_token"]))


@pytest.mark.livestorm(rate_limits=False, rotation="grace", rotation_repeat="same_pair")
def test_refresh_token_that_comes_again_can_get_the_same_pair(
    livestorm: LivestormSandbox, tokens: dict[str, Any], refresh: SendTokenRequest
) -> None:
    """With the option a repeated refresh is told what the first was told, the lifetime apart."""
    livestorm.clock.freeze()
    first = refresh(tokens["refresh_token"]).json()
    livestorm.clock.advance(20)
    again = refresh(tokens["refresh_token"]).json()
    assert again == first | {"expires_in": first["expires_in"] - 20}


@pytest.mark.livestorm(rate_limits=False, rotation="grace", rotation_repeat="same_pair")
def test_pair_that_was_revoked_is_not_given_again(
    livestorm: LivestormSandbox, tokens: dict[str, Any], refresh: SendTokenRequest
) -> None:
    """What is dead stays dead, though the grace period is not over."""
    first = refresh(tokens["refresh_token"]).json()
    livestorm.revoke_token(first["access_token"])
    assert_dead(refresh(tokens["refresh_token"]))


@pytest.mark.livestorm(rate_limits=False, rotation="grace_then_family", rotation_repeat="same_pair")
def test_same_pair_is_given_until_the_grace_period_is_over(
    livestorm: LivestormSandbox,
    http: httpx.Client,
    tokens: dict[str, Any],
    refresh: SendTokenRequest,
) -> None:
    """Both options go together: the same pair again, and after that the end of the family."""
    livestorm.clock.freeze()
    given = [refresh(tokens["refresh_token"]).json()["access_token"] for _ in range(3)]
    assert len(set(given)) == 1
    livestorm.clock.advance(30)
    assert_dead(refresh(tokens["refresh_token"]))
    assert not is_alive(livestorm, http, given[0])


@pytest.mark.parametrize("rotation", ["on_use", "instant", "family", "never"])
def test_same_pair_without_a_grace_period_is_refused(
    livestorm: LivestormSandbox, rotation: str
) -> None:
    """An option that could not take effect says so."""
    with pytest.raises(InvalidInputError, match="rotation_repeat is 'same_pair'"):
        livestorm.sandbox(rotation=rotation, rotation_repeat="same_pair")

"""Kinds that end tokens or change token answers."""

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

from ..conftest import SendTokenRequest
from ..requests import Ping

pytestmark = pytest.mark.livestorm(rate_limits=False)


def test_expired_token_is_the_engines_answer(livestorm: LivestormSandbox, send: Ping) -> None:
    """The token has just expired; refreshing works."""
    livestorm.faults.arm("api", "expired_token", times=1)
    assert "The access token expired" in str(send().header("www-authenticate"))
    assert send().status == 401
    assert send("token.refresh_token").status == 200


def test_revoked_grant_is_the_engines_answer(livestorm: LivestormSandbox, send: Ping) -> None:
    """The user disconnected the application; refreshing is refused."""
    livestorm.faults.arm("api", "revoked_grant", times=1)
    assert "The access token was revoked" in str(send().header("www-authenticate"))
    assert send("token.refresh_token").json()["error"] == "invalid_grant"


def test_revoked_grant_strikes_a_refresh(livestorm: LivestormSandbox, send: Ping) -> None:
    """The grant can end with the refresh itself."""
    livestorm.faults.arm("token.refresh_token", "revoked_grant", times=1)
    assert send("token.refresh_token").json()["error"] == "invalid_grant"


def test_token_fields_are_changed(livestorm: LivestormSandbox, send: Ping) -> None:
    """Members are replaced, dropped and lengthened."""
    livestorm.faults.arm(
        "token",
        "token_fields",
        set={"expires_in": "7200", "extra": None},
        drop=["scope"],
        pad={"access_token": 5000},
    )
    body = send("token.refresh_token").json()
    assert (body["expires_in"], body["extra"], len(body["access_token"])) == ("7200", None, 5000)
    assert "scope" not in body


def test_token_given_by_a_fault_is_good(
    livestorm: LivestormSandbox, send: Ping, http: httpx.Client
) -> None:
    """The provider knows the token that the fault gave."""
    livestorm.faults.arm("token", "token_fields", set={"access_token": "given"})
    send("token.refresh_token")
    headers = {"Authorization": "Bearer given"}
    assert http.get(f"{livestorm.api_url}/ping", headers=headers).status_code == 200


def test_refresh_token_may_stay_once(
    livestorm: LivestormSandbox, refresh: SendTokenRequest, http: httpx.Client
) -> None:
    """With `echo` a refresh gives back the refresh token that was sent, and it is good still."""
    livestorm.faults.arm("token", "token_fields", echo=["refresh_token"], times=1)
    first = str(livestorm.issue_tokens()["refresh_token"])
    echoed = refresh(first).json()
    assert echoed["refresh_token"] == first
    headers = {"Authorization": f"Bearer {echoed['access_token']}"}
    statuses = [http.get(f"{livestorm.api_url}/me", headers=headers).status_code for _ in range(2)]
    assert statuses == [200, 200]
    assert refresh(first).json()["refresh_token"] != first

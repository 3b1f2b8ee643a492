"""Kinds that end tokens, change token answers or make them up."""

import json
from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from livestorm_mock_server import LivestormSandbox

from ..conftest import SendTokenRequest
from ..requests import Ping

Call: TypeAlias = Callable[..., httpx.Response]

pytestmark = pytest.mark.livestorm(rate_limits=False)


def test_expired_token_is_the_engines_answer(livestorm: LivestormSandbox, send: Ping) -> None:
    """The token has just expired; refreshing works."""
    livestorm.faults.arm("api", "expired_token", times=1)
    assert "The access token expired" in str(send().header("www-authenticate"))
    assert send().status == 401
    assert send("token.refresh_token").status == 200


@pytest.mark.livestorm(rate_limits=False, token_format="jwt")
def test_tokens_of_another_lifetime_tell_it_and_keep_it(
    livestorm: LivestormSandbox, send: Ping, http: httpx.Client
) -> None:
    """What the answer and the token say is what the provider does, to the second."""
    livestorm.clock.freeze()
    livestorm.faults.arm("token", "token_lifetime", expires_in=5)
    tokens = send("token.authorization_code").json()
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert (tokens["expires_in"], claims["exp"] - claims["iat"]) == (5, 5)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    livestorm.clock.advance(5)
    assert http.get(f"{livestorm.api_url}/me", headers=headers).status_code == 200
    livestorm.clock.advance(1)
    assert http.get(f"{livestorm.api_url}/me", headers=headers).status_code == 401


def test_lifetime_of_a_fault_is_not_passed_on(
    livestorm: LivestormSandbox, send: Ping, refresh: SendTokenRequest
) -> None:
    """Tokens refreshed from short-lived ones live as long as the provider's do."""
    livestorm.faults.arm("token", "token_lifetime", expires_in=5, times=1)
    tokens = send("token.refresh_token").json()
    assert tokens["expires_in"] == 5
    assert refresh(tokens["refresh_token"]).json()["expires_in"] == 7200


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


OTHER = "grace.dupont@example.test"
MADE_UP = {"access_token": "made-up-access", "token_type": "Bearer"}


def answer_with(livestorm: LivestormSandbox, **members: object) -> None:
    """Have the token endpoint answer with a token that a test made up."""
    body = json.dumps({**MADE_UP, **members})
    livestorm.faults.arm("token", "answer", content_type="application/json", body=body)


@pytest.fixture
def call(livestorm: LivestormSandbox, http: httpx.Client) -> Call:
    """Ask who the user of an access token is."""

    def send(token: str, path: str = "/me") -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return http.get(f"{livestorm.api_url}{path}", headers=headers)

    return send


def test_made_up_token_is_good(livestorm: LivestormSandbox, send: Ping, call: Call) -> None:
    """The API takes a token of an answer that a fault made up."""
    answer_with(livestorm)
    send("token.authorization_code")
    assert call("made-up-access").status_code == 200


@pytest.mark.livestorm(scenario="two_users")
def test_made_up_token_is_of_the_user_who_agreed(
    livestorm: LivestormSandbox, request_token: SendTokenRequest, call: Call
) -> None:
    """It belongs to the user of the code, who need not be the first."""
    answer_with(livestorm)
    url = livestorm.authorize(user=OTHER)
    code = parse_qs(urlsplit(url).query)["code"][0]
    uri = livestorm.redirect_uri
    request_token(grant_type="authorization_code", code=code, redirect_uri=uri)
    assert call("made-up-access").json()["data"]["attributes"]["email"] == OTHER


def test_made_up_refresh_token_is_good(
    livestorm: LivestormSandbox, refresh: SendTokenRequest, send: Ping
) -> None:
    """The refresh token beside it brings the next pair, to the client that was handed it."""
    answer_with(livestorm, refresh_token="made-up-refresh")
    send("token.refresh_token")
    livestorm.faults.disarm()
    assert refresh("made-up-refresh").status_code == 200


def test_made_up_token_has_the_scope_that_is_told(
    livestorm: LivestormSandbox, send: Ping, call: Call
) -> None:
    """What it may do is what the answer says."""
    answer_with(livestorm, scope="events:read")
    send("token.refresh_token")
    assert call("made-up-access").status_code == 403


def test_made_up_token_has_its_scope_where_none_is_told(
    livestorm: LivestormSandbox, send: Ping, call: Call
) -> None:
    """A scope that the provider does not know means nothing: what was granted counts."""
    answer_with(livestorm, scope="identity:read\0")
    send("token.refresh_token")
    assert call("made-up-access").status_code == 200


def test_made_up_token_has_the_lifetime_that_is_told(
    livestorm: LivestormSandbox, send: Ping, call: Call
) -> None:
    """It is over when the answer says so."""
    answer_with(livestorm, expires_in=60)
    send("token.refresh_token")
    livestorm.clock.advance(61)
    assert "expired" in call("made-up-access").headers["www-authenticate"]


def test_rehearsed_token_is_good(livestorm: LivestormSandbox, send: Ping, call: Call) -> None:
    """A token of an answer that was only rehearsed can be used; the old one stays."""
    livestorm.faults.arm("token", "token_body", variant="form_encoded", phase="before")
    form = parse_qs(send("token.refresh_token").body.decode())
    assert call(form["access_token"][0]).status_code == 200
    assert send("api.me").status == 200


def test_token_that_nobody_can_send_is_not_kept(livestorm: LivestormSandbox, send: Ping) -> None:
    """A token with half a character changes nothing."""
    answer_with(livestorm, access_token="\ud800", refresh_token="\ud800")
    assert send("token.refresh_token").status == 200
    assert livestorm.journal.entries()[-1].as_json()["tokens"] == []


def test_made_up_token_is_in_the_journal(livestorm: LivestormSandbox, send: Ping) -> None:
    """The exchange that handed it out has issued it."""
    answer_with(livestorm)
    send("token.authorization_code")
    assert "issued" in json.dumps(livestorm.journal.entries()[-1].as_json()["tokens"])

"""Provider options that no recording of the engine covers."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from livestorm_mock_server import LivestormSandbox

from .conftest import SendTokenRequest

NOON = 1_795_435_200


def is_alive(livestorm: LivestormSandbox, http: httpx.Client, access_token: str) -> bool:
    """Tell whether an access token opens the API."""
    headers = {"Authorization": f"Bearer {access_token}"}
    return http.get(f"{livestorm.api_url}/ping", headers=headers).status_code == 200


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


@pytest.mark.livestorm(rate_limits=False, token_format="jwt")
def test_access_token_can_be_a_jwt(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """With the option, an access token is a signed JWT that tells what it is."""
    livestorm.clock.freeze()
    livestorm.clock.set(NOON)
    tokens = livestorm.issue_tokens(scope="identity:read events:read", expires_in=60)
    claims = jwt.decode(
        str(tokens["access_token"]),
        livestorm._sandbox.signing.key,
        algorithms=["HS256"],
        options={"verify_exp": False, "verify_iat": False},
    )
    user = livestorm._sandbox.users[0]
    assert set(claims) == {"jti", "iat", "exp", "scope", "sub", "org"}
    assert (claims["iat"], claims["exp"]) == (NOON, NOON + 60)
    assert (claims["sub"], claims["org"]) == (user.uuid, user.organization.id)
    assert claims["scope"] == "identity:read events:read"
    assert is_alive(livestorm, http, str(tokens["access_token"]))


@pytest.mark.livestorm(rate_limits=False, token_format="jwt")
def test_jwt_access_tokens_never_repeat(livestorm: LivestormSandbox) -> None:
    """Also two tokens of one second differ."""
    livestorm.clock.freeze()
    drawn = [livestorm.issue_tokens()["access_token"] for _ in range(10)]
    assert len(set(drawn)) == 10


@pytest.mark.livestorm(rate_limits=False, token_format="jwt")
def test_jwt_access_token_is_no_private_token(
    livestorm: LivestormSandbox, http: httpx.Client, tokens: dict[str, Any]
) -> None:
    """A JWT without `Bearer ` is looked up as a private token, and is none."""
    headers = {"Authorization": tokens["access_token"]}
    assert http.get(f"{livestorm.api_url}/me", headers=headers).status_code == 401


@pytest.mark.livestorm(rate_limits=False, token_format="jwt")
def test_jwt_access_token_expires_by_the_virtual_clock(
    livestorm: LivestormSandbox, http: httpx.Client, tokens: dict[str, Any]
) -> None:
    """The store decides, not the claim against the machine's clock."""
    livestorm.clock.advance(7201)
    assert not is_alive(livestorm, http, tokens["access_token"])


def ask(livestorm: LivestormSandbox, http: httpx.Client) -> httpx.Response:
    """Ask for authorization as a browser does."""
    parameters = {
        "client_id": livestorm.client_id,
        "redirect_uri": livestorm.redirect_uri,
        "response_type": "code",
        "state": "a",
    }
    return http.get(f"{livestorm.app_url}/oauth/authorize", params=parameters)


@pytest.mark.livestorm(consent="deny")
def test_consent_can_be_denied_at_once(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """With the option, the browser is sent back with `access_denied` and the state."""
    answer = ask(livestorm, http)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert answer.status_code == 302
    assert (query["error"], query["state"]) == (["access_denied"], ["a"])


@pytest.mark.livestorm(consent="approve")
def test_consent_can_be_given_at_once(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """With the option, the browser is sent back with a code."""
    query = parse_qs(urlsplit(ask(livestorm, http).headers["location"]).query)
    assert (len(query["code"][0]), query["state"]) == (43, ["a"])


def test_consent_is_a_page_by_default(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """Without an option, the user is asked."""
    answer = ask(livestorm, http)
    assert (answer.status_code, "Authorization required" in answer.text) == (200, True)


@pytest.mark.livestorm(logged_in=False, consent="approve")
def test_nobody_logged_in_is_the_engines_500(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """Where nobody is logged in, success paths fail as the engine's do."""
    answer = ask(livestorm, http)
    assert (answer.status_code, "server error" in answer.text) == (500, True)


@pytest.mark.livestorm(logged_in=False)
def test_code_without_a_browser_needs_nobody_logged_in(livestorm: LivestormSandbox) -> None:
    """The shortcut decides as the scenario's first user."""
    assert "code=" in livestorm.authorize()


@pytest.mark.livestorm(access_token_expires_in="never")
def test_token_that_never_expires_has_no_expires_in(tokens: dict[str, Any]) -> None:
    """The member is left out."""
    assert "expires_in" not in tokens


@pytest.mark.livestorm(rate_limits=False, access_token_expires_in=10)
def test_lifetime_of_tokens_is_the_one_of_the_option(
    livestorm: LivestormSandbox, http: httpx.Client, tokens: dict[str, Any]
) -> None:
    """`expires_in` says it, and the token ends by it."""
    assert tokens["expires_in"] == 10
    livestorm.clock.advance(11)
    assert not is_alive(livestorm, http, tokens["access_token"])

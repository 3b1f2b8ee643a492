"""Provider options that no recording of the engine covers."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from livestorm_mock_server import LivestormSandbox

from .conftest import is_alive

NOON = 1_795_435_200


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

"""Authlib's `AsyncOAuth2Client` lives its whole life at the fake."""

import asyncio
import warnings
from collections.abc import Callable, Iterator

import httpx
import pytest
from authlib.common.security import generate_token
from authlib.deprecate import AuthlibDeprecationWarning
from authlib.integrations.base_client import OAuthError
from livestorm_mock_server import LivestormSandbox

with warnings.catch_warnings():
    # Authlib's own filter beats pytest's; it asks for httpx2, which most users don't have yet.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import AsyncOAuth2Client

pytestmark = pytest.mark.livestorm(consent="approve")

Visit = Callable[[str], str]
MeStatus = Callable[[str], int]
Token = dict[str, object]
Connect = Callable[[], Token]

EXPIRED = 1
"""An `expires_at` long ago: Authlib compares it with the real clock."""


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """One event loop for all that a test awaits."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def saved() -> list[Token]:
    """The tokens that Authlib gave to `update_token`, oldest first."""
    return []


@pytest.fixture
def client(
    runner: asyncio.Runner, livestorm: LivestormSandbox, saved: list[Token]
) -> Iterator[AsyncOAuth2Client]:
    """Authlib as its documentation sets it up: PKCE, automatic refresh, tokens saved."""

    async def update_token(token: Token, **_: object) -> None:
        saved.append(dict(token))

    client = AsyncOAuth2Client(
        livestorm.client_id,
        livestorm.client_secret,
        scope="identity:read events:read",
        redirect_uri=livestorm.redirect_uri,
        code_challenge_method="S256",
        token_endpoint=f"{livestorm.app_url}/oauth/token",
        update_token=update_token,
    )
    yield client
    runner.run(client.aclose())


@pytest.fixture
def connect(
    runner: asyncio.Runner, livestorm: LivestormSandbox, client: AsyncOAuth2Client, visit: Visit
) -> Connect:
    """Go from the authorization URL to the token, with state and PKCE."""

    def connect() -> Token:
        code_verifier = generate_token(48)
        url, state = client.create_authorization_url(
            f"{livestorm.app_url}/oauth/authorize", code_verifier=code_verifier
        )
        exchange = client.fetch_token(
            authorization_response=visit(url), state=state, code_verifier=code_verifier
        )
        return dict(runner.run(exchange))

    return connect


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
@pytest.mark.usefixtures("release")
def test_code_exchange_gives_tokens_in_every_release(
    client: AsyncOAuth2Client, connect: Connect, method: str
) -> None:
    """A code is exchanged for tokens, whichever way Authlib authenticates."""
    client.token_endpoint_auth_method = method
    token = connect()
    assert (token["token_type"], token["scope"]) == ("Bearer", "identity:read events:read")
    assert token["refresh_token"]


def test_code_exchange_sends_the_verifier_of_the_challenge(
    livestorm: LivestormSandbox, connect: Connect
) -> None:
    """The fake saw the S256 challenge first and the verifier at the exchange."""
    connect()
    asked, exchanged = livestorm.journal.entries()
    assert asked.exchange.request.parameters["code_challenge_method"] == "S256"
    assert exchanged.exchange.request.parameters["code_verifier"]


def test_code_exchange_with_another_verifier_raises_invalid_grant(
    runner: asyncio.Runner, livestorm: LivestormSandbox, client: AsyncOAuth2Client, visit: Visit
) -> None:
    """A verifier that doesn't fit the challenge is refused."""
    url, state = client.create_authorization_url(
        f"{livestorm.app_url}/oauth/authorize", code_verifier=generate_token(48)
    )
    exchange = client.fetch_token(
        authorization_response=visit(url), state=state, code_verifier=generate_token(48)
    )
    with pytest.raises(OAuthError) as raised:
        runner.run(exchange)
    assert raised.value.error == "invalid_grant"


def test_code_exchange_with_a_wrong_secret_raises_invalid_client(
    client: AsyncOAuth2Client, connect: Connect
) -> None:
    """A wrong client secret surfaces as `invalid_client`."""
    client.client_secret = "wrong"
    with pytest.raises(OAuthError) as raised:
        connect()
    assert raised.value.error == "invalid_client"


@pytest.mark.livestorm(consent="deny")
def test_denial_comes_back_as_access_denied_with_the_state(
    livestorm: LivestormSandbox, client: AsyncOAuth2Client, visit: Visit
) -> None:
    """The callback of a user who denies carries the error and Authlib's own state."""
    url, state = client.create_authorization_url(f"{livestorm.app_url}/oauth/authorize")
    callback = httpx.URL(visit(url)).params
    assert (callback["error"], callback["state"]) == ("access_denied", state)


@pytest.mark.usefixtures("release")
def test_me_names_the_connected_user_in_every_release(
    runner: asyncio.Runner,
    livestorm: LivestormSandbox,
    client: AsyncOAuth2Client,
    connect: Connect,
) -> None:
    """The access token opens `/v1/me`."""
    connect()
    answer = runner.run(client.get(f"{livestorm.api_url}/me"))
    assert answer.json()["data"]["attributes"]["email"] == "ada.martin@example.test"


def test_expired_access_token_is_a_401_without_a_refresh(
    runner: asyncio.Runner,
    livestorm: LivestormSandbox,
    client: AsyncOAuth2Client,
    connect: Connect,
) -> None:
    """Once the clock passed the expiry, a client that trusts the real clock is refused."""
    connect()
    livestorm.clock.advance(7201)
    assert runner.run(client.get(f"{livestorm.api_url}/me")).status_code == 401


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
@pytest.mark.usefixtures("release")
def test_expired_access_token_is_refreshed_by_the_next_call_in_every_release(
    runner: asyncio.Runner,
    livestorm: LivestormSandbox,
    client: AsyncOAuth2Client,
    connect: Connect,
    method: str,
) -> None:
    """Authlib refreshes by itself, and the call goes through with the new token."""
    client.token_endpoint_auth_method = method
    client.token = connect() | {"expires_at": EXPIRED}
    livestorm.clock.advance(7201)
    assert runner.run(client.get(f"{livestorm.api_url}/me")).status_code == 200
    assert len(livestorm.journal.entries(endpoint="token.refresh_token")) == 1


@pytest.mark.livestorm(consent="approve", access_token_expires_in=30)
def test_access_token_about_to_expire_is_refreshed_ahead(
    runner: asyncio.Runner,
    livestorm: LivestormSandbox,
    client: AsyncOAuth2Client,
    connect: Connect,
) -> None:
    """A lifetime of 30 s is within Authlib's leeway of 60 s, so `expires_in` alone decides."""
    connect()
    livestorm.clock.advance(31)
    assert runner.run(client.get(f"{livestorm.api_url}/me")).status_code == 200
    assert len(livestorm.journal.entries(endpoint="token.refresh_token")) == 1


def test_refresh_hands_the_rotated_refresh_token_to_update_token(
    runner: asyncio.Runner,
    livestorm: LivestormSandbox,
    client: AsyncOAuth2Client,
    connect: Connect,
    saved: list[Token],
) -> None:
    """What is saved after a refresh is a new pair, not the old refresh token."""
    old = connect()
    client.token = old | {"expires_at": EXPIRED}
    runner.run(client.get(f"{livestorm.api_url}/me"))
    assert [token["refresh_token"] for token in saved] != [old["refresh_token"]]
    assert saved == [dict(client.token)]


def test_saved_refresh_token_refreshes_again(
    runner: asyncio.Runner,
    livestorm: LivestormSandbox,
    client: AsyncOAuth2Client,
    connect: Connect,
    saved: list[Token],
) -> None:
    """The rotated refresh token is good for the refresh after it."""
    client.token = connect() | {"expires_at": EXPIRED}
    runner.run(client.get(f"{livestorm.api_url}/me"))
    client.token = saved[0] | {"expires_at": EXPIRED}
    assert runner.run(client.get(f"{livestorm.api_url}/me")).status_code == 200


def test_superseded_refresh_token_raises_invalid_grant(
    runner: asyncio.Runner,
    livestorm: LivestormSandbox,
    client: AsyncOAuth2Client,
    connect: Connect,
) -> None:
    """The old refresh token is dead once the new access token was used."""
    old = connect()
    client.token = old | {"expires_at": EXPIRED}
    runner.run(client.get(f"{livestorm.api_url}/me"))
    with pytest.raises(OAuthError) as raised:
        runner.run(client.refresh_token(refresh_token=old["refresh_token"]))
    assert raised.value.error == "invalid_grant"


def test_calls_at_the_same_time_refresh_once(
    runner: asyncio.Runner,
    livestorm: LivestormSandbox,
    client: AsyncOAuth2Client,
    connect: Connect,
) -> None:
    """Authlib's lock holds three calls back while the first refreshes; all go through."""
    client.token = connect() | {"expires_at": EXPIRED}

    async def call_three_times() -> list[int]:
        calls = (client.get(f"{livestorm.api_url}/me") for _ in range(3))
        return [answer.status_code for answer in await asyncio.gather(*calls)]

    assert runner.run(call_three_times()) == [200, 200, 200]
    assert len(livestorm.journal.entries(endpoint="token.refresh_token")) == 1


def test_refresh_of_a_revoked_grant_raises_invalid_grant(
    runner: asyncio.Runner,
    livestorm: LivestormSandbox,
    client: AsyncOAuth2Client,
    connect: Connect,
    saved: list[Token],
) -> None:
    """After the user disconnected, the automatic refresh surfaces as `invalid_grant`."""
    token = connect()
    client.token = token | {"expires_at": EXPIRED}
    livestorm.revoke_token(str(token["refresh_token"]))
    with pytest.raises(OAuthError) as raised:
        runner.run(client.get(f"{livestorm.api_url}/me"))
    assert (raised.value.error, saved) == ("invalid_grant", [])


def test_refresh_with_a_wrong_secret_raises_invalid_client(
    runner: asyncio.Runner,
    livestorm: LivestormSandbox,
    client: AsyncOAuth2Client,
    connect: Connect,
) -> None:
    """A secret that was rotated away surfaces as `invalid_client` at the next refresh."""
    client.token = connect() | {"expires_at": EXPIRED}
    client.client_secret = "wrong"
    with pytest.raises(OAuthError) as raised:
        runner.run(client.get(f"{livestorm.api_url}/me"))
    assert raised.value.error == "invalid_client"


@pytest.mark.usefixtures("release")
def test_revocation_ends_the_access_token_in_every_release(
    runner: asyncio.Runner,
    livestorm: LivestormSandbox,
    client: AsyncOAuth2Client,
    connect: Connect,
    me_status: MeStatus,
) -> None:
    """A revoked refresh token takes its access token along."""
    token = connect()
    revocation = client.revoke_token(
        f"{livestorm.app_url}/oauth/revoke", token["refresh_token"], "refresh_token"
    )
    assert runner.run(revocation).status_code == 200
    assert me_status(str(token["access_token"])) == 401

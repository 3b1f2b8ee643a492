"""requests-oauthlib's `OAuth2Session` lives its whole life at the fake."""

from collections.abc import Callable, Iterator, Mapping

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox
from oauthlib.oauth2 import (  # type: ignore[import-untyped]
    InvalidClientError,
    InvalidGrantError,
    TokenExpiredError,
)
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session, TokenUpdated

pytestmark = pytest.mark.livestorm(consent="approve")

Token = dict[str, object]
Visit = Callable[[str], str]
Connect = Callable[..., Token]

EXPIRED = 1
"""An `expires_at` long ago: oauthlib compares it with the real clock."""


@pytest.fixture(autouse=True)
def _plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let oauthlib talk to a URL without TLS, as its documentation says for local servers."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def saved() -> list[Token]:
    """The tokens that the session gave to `token_updater`, oldest first."""
    return []


@pytest.fixture
def session(livestorm: LivestormSandbox, saved: list[Token]) -> Iterator[OAuth2Session]:
    """A session as its documentation sets it up: PKCE, automatic refresh, tokens saved."""
    with OAuth2Session(
        livestorm.client_id,
        scope=["identity:read", "events:read"],
        redirect_uri=livestorm.redirect_uri,
        pkce="S256",
        auto_refresh_url=f"{livestorm.app_url}/oauth/token",
        auto_refresh_kwargs={
            "client_id": livestorm.client_id,
            "client_secret": livestorm.client_secret,
        },
        token_updater=saved.append,
    ) as session:
        yield session


@pytest.fixture
def connect(livestorm: LivestormSandbox, session: OAuth2Session, visit: Visit) -> Connect:
    """Go from the authorization URL to the token; `only` narrows the scope that is granted."""

    def connect(*, only: str | None = None, **credentials: object) -> Token:
        url, _ = session.authorization_url(f"{livestorm.app_url}/oauth/authorize")
        callback = visit(url if only is None else _with_scope(url, only))
        token_url = f"{livestorm.app_url}/oauth/token"
        credentials = credentials or {"client_secret": livestorm.client_secret}
        return dict(session.fetch_token(token_url, authorization_response=callback, **credentials))

    return connect


def _with_scope(url: str, scope: str) -> str:
    return str(httpx.URL(url).copy_set_param("scope", scope))


def _secret_in_body(livestorm: LivestormSandbox) -> Mapping[str, object]:
    return {"include_client_id": True, "client_secret": livestorm.client_secret}


def _basic(livestorm: LivestormSandbox) -> Mapping[str, object]:
    return {"auth": HTTPBasicAuth(livestorm.client_id, livestorm.client_secret)}


def _basic_and_client_id(livestorm: LivestormSandbox) -> Mapping[str, object]:
    return {"include_client_id": True, **_basic(livestorm)}


@pytest.mark.parametrize("credentials", [_secret_in_body, _basic, _basic_and_client_id])
@pytest.mark.usefixtures("release")
def test_code_exchange_gives_tokens_in_every_release(
    livestorm: LivestormSandbox,
    connect: Connect,
    credentials: Callable[[LivestormSandbox], Mapping[str, object]],
) -> None:
    """A code is exchanged for tokens, whichever way the session authenticates."""
    token = connect(**credentials(livestorm))
    assert (token["token_type"], token["scope"]) == ("Bearer", ["identity:read", "events:read"])
    assert token["refresh_token"]


def test_code_exchange_sends_the_verifier_of_the_challenge(
    livestorm: LivestormSandbox, connect: Connect
) -> None:
    """The fake saw the S256 challenge first and the verifier at the exchange."""
    connect()
    asked, exchanged = livestorm.journal.entries()
    assert asked.exchange.request.parameters["code_challenge_method"] == "S256"
    assert exchanged.exchange.request.parameters["code_verifier"]


def test_code_exchange_with_a_wrong_secret_raises_invalid_client(connect: Connect) -> None:
    """A wrong client secret surfaces as `InvalidClientError`."""
    with pytest.raises(InvalidClientError):
        connect(client_secret="wrong")


def test_code_exchange_of_a_used_code_raises_invalid_grant(
    livestorm: LivestormSandbox, session: OAuth2Session, visit: Visit
) -> None:
    """The second exchange of one callback surfaces as `InvalidGrantError`."""
    url, _ = session.authorization_url(f"{livestorm.app_url}/oauth/authorize")
    token_url, secret = f"{livestorm.app_url}/oauth/token", livestorm.client_secret
    callback = visit(url)
    session.fetch_token(token_url, authorization_response=callback, client_secret=secret)
    with pytest.raises(InvalidGrantError):
        session.fetch_token(token_url, authorization_response=callback, client_secret=secret)


def test_narrowed_scope_raises_a_warning_as_an_error(connect: Connect) -> None:
    """The answer names the scope that was granted, and oauthlib objects that it is another."""
    with pytest.raises(Warning, match='to "identity:read"'):
        connect(only="identity:read")


def test_narrowed_scope_passes_where_oauthlib_is_relaxed(
    monkeypatch: pytest.MonkeyPatch, connect: Connect
) -> None:
    """With the setting that users find in oauthlib's issues, the narrowed token is theirs."""
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")
    assert connect(only="identity:read")["scope"] == ["identity:read"]


@pytest.mark.usefixtures("release")
def test_me_names_the_connected_user_in_every_release(
    livestorm: LivestormSandbox, session: OAuth2Session, connect: Connect
) -> None:
    """The access token opens `/v1/me`."""
    connect()
    answer = session.get(f"{livestorm.api_url}/me")
    assert answer.json()["data"]["attributes"]["email"] == "ada.martin@example.test"


def test_expired_access_token_is_a_401_without_a_refresh(
    livestorm: LivestormSandbox, session: OAuth2Session, connect: Connect
) -> None:
    """Once the clock passed the expiry, a session that trusts the real clock is refused."""
    connect()
    livestorm.clock.advance(7201)
    assert session.get(f"{livestorm.api_url}/me").status_code == 401


def test_expired_access_token_without_auto_refresh_raises(
    livestorm: LivestormSandbox, session: OAuth2Session, connect: Connect
) -> None:
    """Where no refresh URL is set, the session itself refuses to send an expired token."""
    session.token = connect() | {"expires_at": EXPIRED}
    session.auto_refresh_url = None
    with pytest.raises(TokenExpiredError):
        session.get(f"{livestorm.api_url}/me")


@pytest.mark.usefixtures("release")
def test_expired_access_token_is_refreshed_by_the_next_call_in_every_release(
    livestorm: LivestormSandbox, session: OAuth2Session, connect: Connect
) -> None:
    """The session refreshes by itself with the secret in the body; the call goes through."""
    session.token = connect() | {"expires_at": EXPIRED}
    livestorm.clock.advance(7201)
    assert session.get(f"{livestorm.api_url}/me").status_code == 200
    assert len(livestorm.journal.entries(endpoint="token.refresh_token")) == 1


@pytest.mark.usefixtures("release")
def test_expired_access_token_is_refreshed_with_basic_in_every_release(
    livestorm: LivestormSandbox, session: OAuth2Session, connect: Connect
) -> None:
    """Credentials given to the call go into HTTP Basic; the call goes through."""
    session.token = connect() | {"expires_at": EXPIRED}
    session.auto_refresh_kwargs = {}
    livestorm.clock.advance(7201)
    answer = session.get(
        f"{livestorm.api_url}/me",
        client_id=livestorm.client_id,
        client_secret=livestorm.client_secret,
    )
    assert answer.status_code == 200


def test_refresh_hands_the_rotated_refresh_token_to_token_updater(
    livestorm: LivestormSandbox, session: OAuth2Session, connect: Connect, saved: list[Token]
) -> None:
    """What is saved after a refresh is a new pair, not the old refresh token."""
    old = connect()
    session.token = old | {"expires_at": EXPIRED}
    session.get(f"{livestorm.api_url}/me")
    assert [token["refresh_token"] for token in saved] != [old["refresh_token"]]
    assert saved == [session.token]


def test_refresh_without_token_updater_raises_token_updated(
    livestorm: LivestormSandbox, session: OAuth2Session, connect: Connect
) -> None:
    """The documentation's second recipe: the warning carries a token that works."""
    session.token = connect() | {"expires_at": EXPIRED}
    session.token_updater = None
    with pytest.raises(TokenUpdated) as raised:
        session.get(f"{livestorm.api_url}/me")
    session.token = raised.value.token
    assert session.get(f"{livestorm.api_url}/me").status_code == 200


def test_saved_refresh_token_refreshes_again(
    livestorm: LivestormSandbox, session: OAuth2Session, connect: Connect, saved: list[Token]
) -> None:
    """The rotated refresh token is good for the refresh after it."""
    session.token = connect() | {"expires_at": EXPIRED}
    session.get(f"{livestorm.api_url}/me")
    session.token = saved[0] | {"expires_at": EXPIRED}
    assert session.get(f"{livestorm.api_url}/me").status_code == 200


def test_superseded_refresh_token_raises_invalid_grant(
    livestorm: LivestormSandbox, session: OAuth2Session, connect: Connect
) -> None:
    """The old refresh token is dead once the new access token was used."""
    old = connect() | {"expires_at": EXPIRED}
    session.token = old
    session.get(f"{livestorm.api_url}/me")
    session.token = old
    with pytest.raises(InvalidGrantError):
        session.get(f"{livestorm.api_url}/me")


def test_refresh_of_a_revoked_grant_raises_invalid_grant(
    livestorm: LivestormSandbox, session: OAuth2Session, connect: Connect, saved: list[Token]
) -> None:
    """After the user disconnected, the automatic refresh surfaces as `InvalidGrantError`."""
    token = connect()
    session.token = token | {"expires_at": EXPIRED}
    livestorm.revoke_token(str(token["refresh_token"]))
    with pytest.raises(InvalidGrantError):
        session.get(f"{livestorm.api_url}/me")
    assert saved == []


def test_refresh_with_a_wrong_secret_raises_invalid_client(
    livestorm: LivestormSandbox, session: OAuth2Session, connect: Connect
) -> None:
    """A secret that was rotated away surfaces as `InvalidClientError` at the next refresh."""
    session.token = connect() | {"expires_at": EXPIRED}
    session.auto_refresh_kwargs["client_secret"] = "wrong"
    with pytest.raises(InvalidClientError):
        session.get(f"{livestorm.api_url}/me")

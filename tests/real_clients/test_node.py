"""Clients from npm, run by Node, work against the fake."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

from .node_packages import FOLDER

Result = dict[str, Any]
Run = Callable[..., Result]
Visit = Callable[[str], str]
MeStatus = Callable[[str], int]

STATE = "a-state-of-32-random-characters.."


def _run(node: str, script: str, livestorm: LivestormSandbox, given: Result) -> Result:
    application = {
        "app_url": livestorm.app_url,
        "api_url": livestorm.api_url,
        "client_id": livestorm.client_id,
        "client_secret": livestorm.client_secret,
        "redirect_uri": livestorm.redirect_uri,
    }
    done = subprocess.run(
        [node, script, json.dumps(application | given)],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture
def simple_oauth2(node: str, livestorm: LivestormSandbox) -> Run:
    """Run one step of simple-oauth2."""
    return lambda **given: _run(node, "simple_oauth2.mjs", livestorm, given)


@pytest.fixture
def axios(node: str, livestorm: LivestormSandbox) -> Run:
    """Run one step of the axios guide."""
    return lambda **given: _run(node, "axios_guide.mjs", livestorm, given)


@pytest.mark.livestorm(consent="approve")
def test_simple_oauth2_authorize_url_brings_a_code_and_its_state(
    simple_oauth2: Run, visit: Visit
) -> None:
    """The URL that simple-oauth2 builds is accepted, and the state comes back."""
    given = {"scope": ["identity:read", "events:read"], "state": STATE}
    url = simple_oauth2(step="authorize", **given)["url"]
    callback = httpx.URL(visit(url)).params
    assert callback["code"]
    assert callback["state"] == STATE


@pytest.mark.parametrize("body_format", ["form", "json"])
@pytest.mark.parametrize("method", ["header", "body"])
def test_simple_oauth2_exchanges_a_code(
    livestorm: LivestormSandbox, simple_oauth2: Run, method: str, body_format: str
) -> None:
    """A code is exchanged with each way to authenticate, and each body, that can be set."""
    options = {"authorizationMethod": method, "bodyFormat": body_format}
    code = httpx.URL(livestorm.authorize()).params["code"]
    token = simple_oauth2(step="exchange", code=code, options=options)["token"]
    assert (token["token_type"], token["scope"]) == ("Bearer", "identity:read")


def test_simple_oauth2_refresh_gives_a_new_pair(
    livestorm: LivestormSandbox, simple_oauth2: Run, me_status: MeStatus
) -> None:
    """The refreshed access token opens `/v1/me`, and the refresh token is a new one."""
    old = livestorm.issue_tokens()
    livestorm.clock.advance(7201)
    token = simple_oauth2(step="refresh", token=old)["token"]
    assert token["refresh_token"] != old["refresh_token"]
    assert me_status(token["access_token"]) == 200


@pytest.mark.parametrize(("lifetime", "expired"), [(30, True), (7200, False)])
def test_simple_oauth2_sees_when_a_token_is_about_to_expire(
    livestorm: LivestormSandbox, simple_oauth2: Run, lifetime: int, expired: bool
) -> None:
    """With a window of a minute, the `expires_in` of the fake decides whether it refreshes."""
    token = livestorm.issue_tokens(expires_in=lifetime)
    result = simple_oauth2(step="refresh_if_expired", token=token, window=60)
    refreshes = len(livestorm.journal.entries(endpoint="token.refresh_token"))
    assert (result["expired"], refreshes) == (expired, int(expired))


def test_simple_oauth2_refresh_of_a_revoked_grant_is_invalid_grant(
    livestorm: LivestormSandbox, simple_oauth2: Run
) -> None:
    """After the user disconnected, the refresh surfaces as `invalid_grant`."""
    token = livestorm.issue_tokens()
    livestorm.revoke_token(str(token["refresh_token"]))
    assert simple_oauth2(step="refresh", token=token) == {"status": 400, "error": "invalid_grant"}


def test_simple_oauth2_with_a_wrong_secret_is_invalid_client(
    livestorm: LivestormSandbox, simple_oauth2: Run
) -> None:
    """A wrong client secret surfaces as `invalid_client`."""
    code = httpx.URL(livestorm.authorize()).params["code"]
    result = simple_oauth2(step="exchange", code=code, client_secret="wrong")
    assert result == {"status": 401, "error": "invalid_client"}


@pytest.mark.parametrize("token_type", ["access_token", "refresh_token"])
def test_simple_oauth2_revocation_ends_the_access_token(
    livestorm: LivestormSandbox, simple_oauth2: Run, me_status: MeStatus, token_type: str
) -> None:
    """Whichever token of the pair is revoked, the access token is dead."""
    token = livestorm.issue_tokens()
    assert simple_oauth2(step="revoke", token=token, token_type=token_type) == {}
    assert me_status(str(token["access_token"])) == 401


@pytest.mark.usefixtures("release")
def test_simple_oauth2_revokes_both_tokens_in_every_release(
    livestorm: LivestormSandbox, simple_oauth2: Run, me_status: MeStatus
) -> None:
    """The second of the two revocations is no error, though the first ended the pair."""
    token = livestorm.issue_tokens()
    assert simple_oauth2(step="revoke_all", token=token) == {}
    assert me_status(str(token["access_token"])) == 401


@pytest.mark.usefixtures("release")
def test_axios_guide_exchanges_a_code_in_every_release(
    livestorm: LivestormSandbox, axios: Run
) -> None:
    """A JSON body is taken as axios sends it."""
    code = httpx.URL(livestorm.authorize()).params["code"]
    answer = axios(step="exchange", code=code)
    assert answer["status"] == 200
    assert {"access_token", "refresh_token", "expires_in", "scope"} <= answer["data"].keys()


def test_axios_guide_reads_me(livestorm: LivestormSandbox, axios: Run) -> None:
    """The JSON:API answer of `/v1/me` comes out of axios as an object."""
    answer = axios(step="me", access_token=livestorm.issue_tokens()["access_token"])
    assert answer["data"]["data"]["attributes"]["email"] == "ada.martin@example.test"


def test_axios_guide_gets_a_401_for_an_expired_token(
    livestorm: LivestormSandbox, axios: Run
) -> None:
    """Once the clock passed the expiry, the call is refused."""
    access_token = livestorm.issue_tokens()["access_token"]
    livestorm.clock.advance(7201)
    assert axios(step="me", access_token=access_token)["status"] == 401


def test_axios_guide_refresh_gives_an_access_token(
    livestorm: LivestormSandbox, axios: Run, me_status: MeStatus
) -> None:
    """A refresh with a JSON body is taken, and the new access token opens `/v1/me`."""
    refresh_token = livestorm.issue_tokens()["refresh_token"]
    livestorm.clock.advance(7201)
    answer = axios(step="refresh", refresh_token=refresh_token)
    assert me_status(answer["data"]["access_token"]) == 200


def test_axios_guide_refresh_of_a_revoked_grant_is_invalid_grant(
    livestorm: LivestormSandbox, axios: Run
) -> None:
    """After the user disconnected, the refresh is answered with `invalid_grant`."""
    token = livestorm.issue_tokens()
    livestorm.revoke_token(str(token["refresh_token"]))
    answer = axios(step="refresh", refresh_token=token["refresh_token"])
    assert (answer["status"], answer["data"]["error"]) == (400, "invalid_grant")


def test_axios_guide_with_a_wrong_secret_is_invalid_client(
    livestorm: LivestormSandbox, axios: Run
) -> None:
    """A wrong client secret is answered with `invalid_client`."""
    refresh_token = livestorm.issue_tokens()["refresh_token"]
    answer = axios(step="refresh", refresh_token=refresh_token, client_secret="wrong")
    assert (answer["status"], answer["data"]["error"]) == (401, "invalid_client")

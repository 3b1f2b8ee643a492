"""`force_pkce`, which Debian's Doorkeeper does not have yet: read in its changes, not recorded."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from livestorm_mock_server import InvalidInputError, LivestormSandbox
from livestorm_mock_server.doorkeeper.pkce import s256

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
PKCE = {"code_challenge": s256(VERIFIER), "code_challenge_method": "S256"}
REQUIRED = "Code challenge is required."

public = pytest.mark.livestorm(consent="approve", force_pkce="public", release="5.9")
everybody = pytest.mark.livestorm(consent="approve", force_pkce="all", release="6.0")


def ask(livestorm: LivestormSandbox, http: httpx.Client, **parameters: str) -> httpx.Response:
    """Ask for authorization as a browser does, for the confidential client unless told."""
    asked = {
        "client_id": livestorm.client_id,
        "redirect_uri": livestorm.redirect_uri,
        "response_type": "code",
        "state": "a",
    }
    return http.get(f"{livestorm.app_url}/oauth/authorize", params=asked | parameters)


def as_public(livestorm: LivestormSandbox) -> dict[str, str]:
    """Give the parameters that name the public client."""
    return {"client_id": str(livestorm.public_client_id)}


def redeem(
    livestorm: LivestormSandbox, http: httpx.Client, answer: httpx.Response, **members: str
) -> httpx.Response:
    """Exchange the code of a redirect, as the confidential client."""
    body = {
        "grant_type": "authorization_code",
        "client_id": livestorm.client_id,
        "client_secret": livestorm.client_secret,
        "redirect_uri": livestorm.redirect_uri,
        "code": parse_qs(urlsplit(answer.headers["location"]).query)["code"][0],
    }
    return http.post(f"{livestorm.app_url}/oauth/token", data=body | members)


@public
def test_public_client_without_a_challenge_is_refused(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """The page says what is missing; there is no code."""
    answer = ask(livestorm, http, **as_public(livestorm))
    assert (answer.status_code, REQUIRED in answer.text) == (400, True)


@public
def test_public_client_with_a_challenge_gets_a_code(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """PKCE is all that is asked."""
    assert "code=" in ask(livestorm, http, **as_public(livestorm), **PKCE).headers["location"]


@public
def test_confidential_client_may_do_without_when_only_public_ones_are_forced(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """Its secret is enough."""
    assert redeem(livestorm, http, ask(livestorm, http)).status_code == 200


@everybody
def test_confidential_client_without_a_challenge_is_refused_when_all_are_forced(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """No client is spared."""
    answer = ask(livestorm, http)
    assert (answer.status_code, REQUIRED in answer.text) == (400, True)


@everybody
def test_confidential_client_with_pkce_gets_tokens_when_all_are_forced(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """Livestorm's own application, which sends both, is not hurt."""
    answer = ask(livestorm, http, **PKCE)
    assert redeem(livestorm, http, answer, code_verifier=VERIFIER).status_code == 200


@everybody
@pytest.mark.parametrize("secret", ["right", "wrong"])
def test_missing_verifier_is_told_to_a_client_that_is_known(
    livestorm: LivestormSandbox, http: httpx.Client, secret: str
) -> None:
    """The verifier is asked for before the code is looked up; a stranger is a stranger first."""
    members = {} if secret == "right" else {"client_secret": "wrong"}
    answer = http.post(
        f"{livestorm.app_url}/oauth/token",
        data={
            "grant_type": "authorization_code",
            "client_id": livestorm.client_id,
            "client_secret": livestorm.client_secret,
            "redirect_uri": livestorm.redirect_uri,
            "code": "nobody's",
        }
        | members,
    )
    expected = {
        "right": (400, "Missing required parameter: code_verifier."),
        "wrong": (401, answer.json()["error_description"]),
    }
    assert (answer.status_code, answer.json()["error_description"]) == expected[secret]


@pytest.mark.livestorm(consent="approve", force_pkce="all", handle_auth_errors="redirect")
def test_missing_challenge_can_be_redirected(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """It is an `invalid_request` that the client may be told (RFC 7636, section 4.4.1)."""
    query = parse_qs(urlsplit(ask(livestorm, http).headers["location"]).query)
    assert (query["error"], query["state"]) == (["invalid_request"], ["a"])


@pytest.mark.livestorm(consent="approve", force_pkce="all")
def test_scope_is_checked_before_the_challenge(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """The challenge comes after the scope, and before its method."""
    assert REQUIRED not in ask(livestorm, http, scope="nope").text
    assert REQUIRED in ask(livestorm, http, code_challenge_method="nope").text


@pytest.mark.livestorm(
    consent="approve", force_pkce="all", grant_flows=["authorization_code", "implicit"]
)
def test_flow_without_a_code_needs_no_challenge(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """There is no exchange that could prove anything."""
    answer = ask(livestorm, http, response_type="token")
    assert "#access_token=" in answer.headers["location"]


@pytest.mark.parametrize(("release", "pkce"), [("5.5", True), ("5.9", False)])
def test_force_that_could_not_take_effect_is_refused(
    livestorm: LivestormSandbox, release: str, pkce: bool
) -> None:
    """Release 5.5 does not have the option, and a provider without PKCE can't demand it."""
    with pytest.raises(InvalidInputError, match="force_pkce is 'all'; expected none"):
        livestorm.sandbox(force_pkce="all", release=release, pkce=pkce)

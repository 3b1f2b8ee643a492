"""What a code that is presented once more does to the tokens that were issued for it."""

import httpx
import pytest
from livestorm_mock_server import MockLivestorm

MISTAKES: dict[str, dict[str, str]] = {
    "none": {},
    "redirect_uri": {"redirect_uri": "https://elsewhere.example/callback"},
    "code_verifier": {"code_verifier": "wrong"},
    "client": {"client_id": "public"},
}
CHALLENGE = {"code_challenge": "right", "code_challenge_method": "plain"}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("has_column", [True, False])
@pytest.mark.parametrize("release", ["5.9", "6.0"])
def test_reuse_revokes_only_with_proof_of_possession(
    livestorm_server: MockLivestorm,
    http: httpx.Client,
    release: str,
    has_column: bool,
    mistake: str,
) -> None:
    """Doorkeeper 6 revokes the first tokens if all but the code's freshness is right, and it knows
    which tokens they were."""
    with livestorm_server.sandbox(
        release=release, consent="approve", reused_code_revokes=has_column
    ) as provider:
        asked = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": provider.redirect_uri,
            **CHALLENGE,
        }
        callback = http.get(f"{provider.app_url}/oauth/authorize", params=asked).headers["location"]
        exchange = {
            "grant_type": "authorization_code",
            "code": httpx.URL(callback).params["code"],
            "client_id": provider.client_id,
            "client_secret": provider.client_secret,
            "redirect_uri": provider.redirect_uri,
            "code_verifier": "right",
        }
        first = http.post(f"{provider.app_url}/oauth/token", data=exchange).json()
        again = http.post(f"{provider.app_url}/oauth/token", data=exchange | MISTAKES[mistake])
        bearer = {"Authorization": f"Bearer {first['access_token']}"}
        me = http.get(f"{provider.api_url}/me", headers=bearer)
    assert again.status_code in (400, 401)
    revoked = (release, has_column, mistake) == ("6.0", True, "none")
    assert me.status_code == (401 if revoked else 200)

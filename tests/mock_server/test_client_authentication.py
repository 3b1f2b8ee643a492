"""What a release makes of a client that authenticates in two ways at once."""

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm

SEVERAL = "The request utilizes more than one mechanism for authenticating the client."
BASIC_BESIDE: dict[str, tuple[dict[str, str], str]] = {
    "nothing": ({}, "secret"),
    "its id": ({"client_id": "id"}, "secret"),
    "a secret without an id": ({"client_secret": "secret"}, "secret"),
    "another id": ({"client_id": "other"}, "secret"),
    "its id and secret": ({"client_id": "id", "client_secret": "secret"}, "secret"),
    "a blank id": ({"client_id": " ", "client_secret": "secret"}, "secret"),
    "its id and secret, being without one": ({"client_id": "id", "client_secret": "secret"}, ""),
}
"""What stands in the body beside HTTP Basic, and the secret of HTTP Basic."""

REFUSED: dict[str, set[str]] = {
    "5.5": set(),
    "5.8": set(),
    "5.9": {"another id", "its id and secret"},
    "6.0": {"its id and secret", "its id and secret, being without one"},
}


@pytest.mark.parametrize("beside", BASIC_BESIDE)
@pytest.mark.parametrize("release", REFUSED)
def test_two_client_authentications(
    livestorm_server: MockLivestorm, http: httpx.Client, release: str, beside: str
) -> None:
    """Each release refuses what its own rule counts as two mechanisms, and nothing else."""
    posted, basic_secret = BASIC_BESIDE[beside]
    with livestorm_server.sandbox(release=release) as provider:
        own = {"id": provider.client_id, "secret": provider.client_secret, "": ""}
        answer = http.post(
            f"{provider.app_url}/oauth/token",
            data={"grant_type": "refresh_token", "refresh_token": "unknown"}
            | {name: own.get(value, value) for name, value in posted.items()},
            auth=(own["id"], own[basic_secret]),
        )
    refused = answer.json()["error_description"] == SEVERAL
    assert refused == (beside in REFUSED[release])


@pytest.mark.livestorm(release="5.9")
def test_refusal_echoes_the_state(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """Like every error that the engine raises past its renderer."""
    answer = http.post(
        f"{livestorm.app_url}/oauth/token",
        data={
            "grant_type": "refresh_token",
            "client_id": livestorm.client_id,
            "client_secret": livestorm.client_secret,
            "state": "s",
        },
        auth=(livestorm.client_id, livestorm.client_secret),
    )
    assert list(answer.json().items())[1:] == [("error_description", SEVERAL), ("state", "s")]
    assert "vary" not in answer.headers

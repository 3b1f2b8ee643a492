"""What a release makes of a client that authenticates in two ways at once."""

import base64
import json
from types import SimpleNamespace
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server import LivestormSandbox, MockLivestorm, ProviderOptions
from livestorm_mock_server.doorkeeper.client_authentication import Credentials, read_credentials
from livestorm_mock_server.doorkeeper.raised import Raised
from livestorm_mock_server.doorkeeper.releases import RELEASES, ReleaseName
from livestorm_mock_server.exchange import Exchange
from livestorm_mock_server.rails.parameters import Parameter
from livestorm_mock_server.rails.request import Request
from livestorm_mock_server.rails.text import is_blank

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


UNHEEDED: dict[str, set[str]] = {"5.5": set(), "5.8": set(), "5.9": set(), "6.0": {"another id"}}
"""Where neither client counts: it is answered as if none had authenticated."""


@pytest.mark.parametrize("beside", BASIC_BESIDE)
@pytest.mark.parametrize("release", REFUSED)
def test_two_client_authentications(
    livestorm_server: MockLivestorm, http: httpx.Client, release: str, beside: str
) -> None:
    """Each release refuses what its own rule counts as two mechanisms, and nothing else."""
    posted, basic_secret = BASIC_BESIDE[beside]
    with livestorm_server.sandbox(release=release) as provider:
        own = {"id": provider.client_id, "secret": provider.client_secret, "": ""}
        body = {name: own.get(value, value) for name, value in posted.items()}
        answer = http.post(
            f"{provider.app_url}/oauth/token",
            data=body | refreshing(provider),
            auth=(own["id"], own[basic_secret]),
        )
    refused = answer.json().get("error_description") == SEVERAL
    assert refused == (beside in REFUSED[release])
    if beside in UNHEEDED[release]:
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    elif not refused and basic_secret:
        assert answer.status_code == 200


def refreshing(provider: LivestormSandbox) -> dict[str, str]:
    """Give the parameters of a refresh that only needs its client."""
    token = str(provider.issue_tokens()["refresh_token"])
    return {"grant_type": "refresh_token", "refresh_token": token}


ids = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=4)
header_ids = st.one_of(st.just(b""), ids.map(str.encode), st.binary(min_size=1, max_size=4)).filter(
    lambda raw: b":" not in raw
)
parameters = st.one_of(
    st.none(), st.booleans(), st.integers(), ids, st.lists(ids, max_size=2), st.just({"a": "b"})
)


@pytest.mark.parametrize("release", RELEASES)
@given(
    scheme=st.sampled_from(["Basic", "basic", "Bearer", "Digest"]),
    basic_id=header_ids,
    basic_secret=st.none() | ids,
    client_id=parameters,
    client_secret=parameters,
    in_query=st.booleans(),
)
def test_any_credentials_name_one_client_at_most(
    release: ReleaseName,
    scheme: str,
    basic_id: bytes,
    basic_secret: str | None,
    client_id: Parameter,
    client_secret: Parameter,
    in_query: bool,
) -> None:
    """HTTP Basic counts or the parameters, never both; since 5.9, not two clients either."""
    decoded = basic_id + (b"" if basic_secret is None else b":" + basic_secret.encode())
    header = f"{scheme} {base64.b64encode(decoded).decode()}"
    given = {"client_id": client_id, "client_secret": client_secret}
    sent = {k: v for k, v in given.items() if isinstance(v, str) or not in_query}
    found = credentials_of(release, header, sent, in_query=in_query)
    newer = release in ("5.9", "6.0")
    heeded = basic_id.strip() != b"" and (scheme == "Basic" or (scheme == "basic" and newer))
    read = {} if in_query and release == "6.0" else sent
    if not heeded:
        assert found is None or pair_of(found) == (read.get("client_id"), read.get("client_secret"))
    elif newer and not is_blank(read.get("client_id")) and read["client_id"] != text_of(basic_id):
        assert found is None
    else:
        assert found is None or pair_of(found) == (text_of(basic_id), basic_secret)


def pair_of(credentials: Credentials) -> tuple[Parameter, Parameter]:
    """Give the id and the secret."""
    return credentials.client_id, credentials.client_secret


def text_of(client_id: bytes) -> str:
    """Give an id as it is compared."""
    return client_id.decode("ascii", "surrogateescape")


def credentials_of(
    release: ReleaseName, header: str, posted: dict[str, Parameter], *, in_query: bool
) -> Credentials | None:
    """Read credentials, None also where two authentications are counted."""
    request = Request(
        method="POST",
        raw_path="/oauth/token",
        query=urlencode(posted).encode() if in_query else b"",
        headers=[("authorization", header), ("content-type", "application/json")],
        body=b"" if in_query else json.dumps(posted).encode(),
    )
    provider = SimpleNamespace(options=ProviderOptions(release=release))
    exchange = Exchange(request=request, provider=provider, now=0)
    try:
        return read_credentials(exchange)
    except Raised:
        return None


@pytest.mark.parametrize("release", RELEASES)
def test_bytes_that_no_id_has_are_a_failure_only_when_looked_up(
    livestorm_server: MockLivestorm, http: httpx.Client, release: str
) -> None:
    """HTTP Basic with such an id is a 500, or since 5.9 two mechanisms beside another id."""
    with livestorm_server.sandbox(release=release) as provider:
        url = f"{provider.app_url}/oauth/token"
        headers = {"Authorization": f"Basic {base64.b64encode(bytes([255])).decode()}"}
        own = {"client_id": provider.client_id, "client_secret": provider.client_secret}
        alone = http.post(url, data=refreshing(provider), headers=headers)
        beside = http.post(url, data=refreshing(provider) | own, headers=headers)
    assert alone.status_code == 500
    assert beside.status_code == (400 if release in ("5.9", "6.0") else 500)


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

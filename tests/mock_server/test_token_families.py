"""The families of tokens, with the requests that used or ended each."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.token_families import MOST, Families, Family

pytestmark = pytest.mark.livestorm(rate_limits=False)


class Client:
    """A client that sends what it is told to, in whatever order."""

    def __init__(self, livestorm: LivestormSandbox) -> None:
        self.livestorm = livestorm
        self.credentials = {
            "client_id": livestorm.client_id,
            "client_secret": livestorm.client_secret,
        }

    def post(self, path: str, **form: str) -> dict[str, Any]:
        url = f"{self.livestorm.app_url}/oauth/{path}"
        return dict(httpx.post(url, data=self.credentials | form).json())

    def refresh(self, pair: dict[str, Any]) -> dict[str, Any]:
        return self.post("token", grant_type="refresh_token", refresh_token=pair["refresh_token"])

    def call(self, pair: dict[str, Any]) -> int:
        headers = {"Authorization": f"Bearer {pair['access_token']}"}
        return httpx.get(f"{self.livestorm.api_url}/ping", headers=headers).status_code

    def redeem(self, code: str) -> dict[str, Any]:
        uri = self.livestorm.redirect_uri
        return self.post("token", grant_type="authorization_code", code=code, redirect_uri=uri)


@pytest.fixture
def client(livestorm: LivestormSandbox) -> Client:
    """A client of the sandbox."""
    return Client(livestorm)


def family(livestorm: LivestormSandbox) -> Family:
    """Give the one family that there is."""
    (only,) = livestorm.token_families().families
    return only


def last(livestorm: LivestormSandbox) -> int:
    """Give the number of the newest exchange."""
    return livestorm.journal.last_number


def code_of(location: str) -> str:
    """Give the code that the browser brings back."""
    return parse_qs(urlsplit(location).query)["code"][0]


def test_family_begins_with_its_code(livestorm: LivestormSandbox, client: Client) -> None:
    """The request that issued it, the one that redeemed it, and the one that came too late."""
    code = code_of(livestorm.authorize())
    asked = last(livestorm)
    (unused,) = livestorm.token_families().codes
    assert (unused.state, unused.issued_by, list(unused.uses)) == ("good", asked, [])
    client.redeem(code)
    redeemed = last(livestorm)
    client.redeem(code)
    told = family(livestorm).code
    assert told is not None
    assert (told.state, told.issued_by) == ("used", asked)
    assert [(use.seq, use.stale) for use in told.uses] == [(redeemed, False), (redeemed + 1, True)]
    assert [pair.issued_by for pair in family(livestorm).pairs] == [redeemed]


def test_code_that_nobody_redeems_expires(livestorm: LivestormSandbox) -> None:
    """By the virtual clock."""
    livestorm.authorize()
    livestorm.clock.advance(601)
    assert [one.state for one in livestorm.token_families().codes] == ["expired"]


@pytest.mark.parametrize("is_frozen", [False, True])
@pytest.mark.parametrize(
    ("rotation", "refreshed", "called"),
    [
        ("on_use", "ending", "revoked"),
        ("instant", "revoked", "revoked"),
        ("grace", "ending", "ending"),
        ("never", "none", "none"),
    ],
)
def test_refresh_is_a_generation(
    livestorm_server: MockLivestorm, rotation: str, refreshed: str, called: str, is_frozen: bool
) -> None:
    """What becomes of the old pair, when, and by which request, in each mode of rotation, also
    where all happens at the same moment of virtual time.
    """
    with livestorm_server.sandbox(rotation=rotation, rate_limits=False) as livestorm:
        if is_frozen:
            livestorm.clock.freeze()
        client = Client(livestorm)
        new = client.refresh(livestorm.issue_tokens())
        rotated = last(livestorm)
        old, pair = family(livestorm).pairs
        assert (old.refresh_state, pair.refresh_state, pair.generation) == (refreshed, "good", 1)
        assert (pair.issued_by, pair.refreshed_from) == (rotated, old.id)
        client.call(new)
        old = family(livestorm).pairs[0]
        ended_by = {"on_use": rotated + 1, "instant": rotated, "grace": rotated, "never": None}
        assert (old.refresh_state, old.ended_by) == (called, ended_by[rotation])


def test_stale_use_is_told(livestorm: LivestormSandbox, client: Client) -> None:
    """A superseded refresh token and an expired access token, with the requests that sent them,
    also where a fault came before the check.
    """
    old = livestorm.issue_tokens()
    new = client.refresh(old)
    client.call(new)
    client.refresh(old)
    livestorm.clock.advance(7201)
    client.call(new)
    pairs = family(livestorm).pairs
    assert [[use.seq for use in pair.uses if use.stale] for pair in pairs] == [[3], [4]]
    assert [pair.access_state for pair in pairs] == ["revoked", "expired"]


@pytest.mark.parametrize(("by_client", "ended_by"), [(True, 1), (False, None)])
def test_end_of_a_pair_is_told(
    livestorm: LivestormSandbox, client: Client, by_client: bool, ended_by: int | None
) -> None:
    """The request that revoked it; what steers the fake is none."""
    pair = livestorm.issue_tokens()
    if by_client:
        client.post("revoke", token=str(pair["access_token"]))
    else:
        livestorm.revoke_token(str(pair["access_token"]))
    (told,) = family(livestorm).pairs
    assert (told.access_state, told.ended_by) == ("revoked", ended_by)


def test_reused_token_ends_its_family(livestorm_server: MockLivestorm) -> None:
    """Each pair of it tells the request that did it."""
    with livestorm_server.sandbox(rotation="family", rate_limits=False) as livestorm:
        client = Client(livestorm)
        old = livestorm.issue_tokens()
        client.refresh(old)
        client.refresh(old)
        assert [pair.ended_by for pair in family(livestorm).pairs] == [1, 2]


def test_oldest_families_are_left_off(livestorm: LivestormSandbox) -> None:
    """So many are told, and how many more there are."""
    for _ in range(MOST + 3):
        livestorm.issue_tokens()
    told = livestorm.token_families()
    assert (len(told.families), told.left_off) == (MOST, 3)
    assert told.families[0].id == MOST + 3


def test_families_over_http_are_those_of_python(livestorm: LivestormSandbox) -> None:
    """The same members."""
    livestorm.clock.freeze()
    livestorm.issue_tokens()
    told = httpx.get(f"{livestorm.control_url}/tokens").json()
    assert set(told) == set(Families.__struct_fields__)
    assert told["families"][0]["pairs"][0]["id"] == family(livestorm).pairs[0].id


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("rcev"), st.integers(0, 5)), max_size=8))
def test_tree_has_each_pair_once(
    livestorm_server: MockLivestorm, steps: list[tuple[str, int]]
) -> None:
    """Whatever happens: a pair is older than what came of it, one generation ahead of it, and no
    request that used or ended it is older than the one that issued it.
    """
    with livestorm_server.sandbox(rate_limits=False) as livestorm:
        client = Client(livestorm)
        pairs = [livestorm.issue_tokens()]
        for step, index in steps:
            pair = pairs[index % len(pairs)]
            if step == "r" and "access_token" in (new := client.refresh(pair)):
                pairs.append(new)
            elif step == "c":
                client.call(pair)
            elif step == "e":
                livestorm.clock.advance(3700)
            elif step == "v":
                client.post("revoke", token=str(pair["access_token"]))
        told = family(livestorm).pairs
        assert [one.access_token for one in told] == [one["access_token"] for one in pairs]
        by_id = {one.id: one for one in told}
        for one in told[1:]:
            parent = by_id[one.refreshed_from or 0]
            assert (parent.id < one.id, parent.generation + 1) == (True, one.generation)
        for one in told:
            later = [use.seq for use in one.uses] + ([one.ended_by] if one.ended_by else [])
            assert all(seq > (one.issued_by or 0) for seq in later)

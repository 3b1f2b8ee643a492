"""With a seed and a frozen clock, everything comes out the same."""

from urllib.parse import parse_qs, urlsplit

import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm

from .wire import Answer, exchange, frame

NOON = 1_795_435_200
FORM = [("Content-Type", "application/x-www-form-urlencoded")]


def converse(livestorm: LivestormSandbox) -> list[Answer]:
    """Run through all endpoints; give the answers."""
    livestorm.clock.freeze()
    livestorm.clock.set(NOON)
    prefix = urlsplit(livestorm.app_url).path
    credentials = f"client_id={livestorm.client_id}&client_secret={livestorm.client_secret}"

    def send(method: str, path: str, *headers: tuple[str, str], body: str | None = None) -> Answer:
        raw = None if body is None else body.encode()
        return exchange(livestorm.app_url, frame(method, prefix + path, headers, raw))

    code = parse_qs(urlsplit(livestorm.authorize(state="a")).query)["code"][0]
    asked = f"client_id={livestorm.client_id}&redirect_uri={livestorm.redirect_uri}"
    grant = f"grant_type=authorization_code&code={code}&redirect_uri={livestorm.redirect_uri}"
    first = send("POST", "/oauth/token", *FORM, body=f"{grant}&{credentials}")
    old = first.json()
    again = f"grant_type=refresh_token&refresh_token={old['refresh_token']}&{credentials}"
    second = send("POST", "/oauth/token", *FORM, body=again)
    bearer = ("Authorization", f"Bearer {second.json()['access_token']}")
    return [
        send("GET", f"/oauth/authorize?response_type=code&{asked}"),
        first,
        second,
        send("GET", "/v1/me", bearer),
        send("GET", "/v1/organization", ("Authorization", livestorm.private_token)),
        send("GET", "/oauth/token/info", bearer),
        send("POST", "/oauth/revoke", *FORM, body=f"token={old['access_token']}&{credentials}"),
        send("GET", "/nothing"),
    ]


@pytest.mark.parametrize("seed", [0, 7, "a word"])
@pytest.mark.parametrize("token_format", ["opaque", "jwt"])
def test_same_seed_gives_the_same_bytes(seed: int | str, token_format: str) -> None:
    """Two servers of one seed answer alike, headers included."""
    with (
        MockLivestorm(seed=seed, token_format=token_format) as one,
        MockLivestorm(seed=seed, token_format=token_format) as two,
    ):
        assert converse(one) == converse(two)


def test_same_seed_gives_the_same_bytes_after_a_reset() -> None:
    """A reset with a seed is the start again."""
    with MockLivestorm(seed=1) as livestorm:
        first = converse(livestorm)
        livestorm.reset()
        assert converse(livestorm) == first


def test_other_seed_gives_other_tokens() -> None:
    """Two seeds issue different tokens."""
    with MockLivestorm(seed=1) as one, MockLivestorm(seed=2) as two:
        assert one.issue_tokens()["access_token"] != two.issue_tokens()["access_token"]


def test_without_a_seed_nothing_repeats() -> None:
    """Without a seed, two servers issue different tokens."""
    with MockLivestorm() as one, MockLivestorm() as two:
        assert one.issue_tokens()["access_token"] != two.issue_tokens()["access_token"]


def test_looking_at_the_private_token_changes_nothing() -> None:
    """The private token is drawn apart from the rest."""
    with MockLivestorm(seed=1) as one, MockLivestorm(seed=1) as two:
        assert one.private_token
        assert one.issue_tokens()["access_token"] == two.issue_tokens()["access_token"]


def test_fault_with_a_probability_strikes_the_same_requests() -> None:
    """Draws come from the fault's own seed."""

    def statuses() -> list[int]:
        with MockLivestorm(rate_limits=False) as livestorm:
            livestorm.faults.arm("api", "api_error", status=503, probability=0.5, seed=3)
            ping = frame("GET", "/v1/ping")
            return [exchange(livestorm.app_url, ping).status for _ in range(20)]

    drawn = statuses()
    assert drawn == statuses()
    assert set(drawn) == {401, 503}

"""Tests that freeze or move the time of their own process, with the two usual libraries."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import freezegun
import httpx
import pytest
import time_machine
from livestorm_client import LivestormClient
from livestorm_mock_server import LivestormSandbox, MockLivestorm

Freeze = Callable[[datetime], AbstractContextManager[Any]]

NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)
LATER = datetime(2030, 6, 1, 14, 1, tzinfo=UTC)


def with_time_machine(moment: datetime) -> AbstractContextManager[Any]:
    """Stop time at a moment."""
    return time_machine.travel(moment, tick=False)


LIBRARIES: list[Freeze] = [freezegun.freeze_time, with_time_machine]


@pytest.fixture(params=LIBRARIES, ids=["freezegun", "time-machine"])
def freeze(request: pytest.FixtureRequest) -> Freeze:
    """Stop the time of this process with a library."""
    chosen: Freeze = request.param
    return chosen


@pytest.fixture
def server() -> Iterator[MockLivestorm]:
    """A server that was started in real time, as a session's is."""
    with MockLivestorm() as livestorm:
        yield livestorm


def connected(livestorm: LivestormSandbox, **settings: Any) -> LivestormClient:
    """Give a client that has connected an account."""
    client = LivestormClient(
        client_id=livestorm.client_id,
        client_secret=livestorm.client_secret,
        redirect_uri=livestorm.redirect_uri,
        app_url=livestorm.app_url,
        api_url=livestorm.api_url,
        **settings,
    )
    request = client.authorization_request(["identity:read"])
    client.connect(request, livestorm.authorize(request.url))
    return client


@pytest.mark.parametrize("with_its_clock", [True, False])
def test_client_connects_calls_is_limited_and_refreshes_while_time_stands_still(
    server: MockLivestorm, freeze: Freeze, with_its_clock: bool
) -> None:
    """The second of the rate limit passes in real time: the sixth and seventh call go through."""
    with freeze(NOON), server.sandbox() as livestorm:
        settings = {"clock": livestorm.clock.now} if with_its_clock else {}
        client = connected(livestorm, **settings)
        for _ in range(7):
            assert client.me()["type"] == "users"
        before = client.tokens
        assert client.refresh() != before
        assert client.me()["type"] == "users"


def test_fake_and_client_are_at_the_frozen_time(server: MockLivestorm, freeze: Freeze) -> None:
    """Both follow the process: what the one issues, the other takes for as old as it is."""
    with freeze(NOON), server.sandbox() as livestorm:
        client = connected(livestorm)
        assert livestorm.clock.now() == NOON.timestamp()
        assert client.tokens is not None
        assert client.tokens.expires_at == NOON.timestamp() + 7200
        (exchange,) = livestorm.journal.entries(endpoint="token")
        assert exchange.at == NOON.timestamp()


def test_moved_time_lets_tokens_expire_on_both_sides(server: MockLivestorm, freeze: Freeze) -> None:
    """Two hours later the client refreshes ahead, and never meets a 401."""
    with server.sandbox() as livestorm:
        with freeze(NOON):
            client = connected(livestorm)
        with freeze(LATER):
            client.me()
        api = livestorm.journal.entries(endpoint="api")
        assert [one.as_json()["response"]["status"] for one in api] == [200]  # type: ignore[index]
        assert len(livestorm.journal.entries(endpoint="token.refresh_token")) == 1


def test_duration_in_the_journal_is_real_while_time_stands_still(
    server: MockLivestorm, freeze: Freeze
) -> None:
    """`wall` and `answered_at` go on, so that what was late can be seen."""
    with freeze(NOON), server.sandbox() as livestorm:
        client = connected(livestorm)
        livestorm.faults.arm("api.me", "delay", seconds=0.05)
        client.me()
        (exchange,) = livestorm.journal.entries(endpoint="api.me")
        assert exchange.answered_at is not None
        assert exchange.answered_at - exchange.wall >= 0.05


def call_each_year_before(livestorm: LivestormSandbox, freeze: Freeze, calls: int) -> None:
    """Call the API with a dead access token, each time at a moment a year earlier."""
    headers = {"Authorization": "Bearer dead"}
    with httpx.Client(trust_env=False) as http:
        for years in range(calls):
            with freeze(NOON.replace(year=NOON.year - years)):
                http.get(f"{livestorm.api_url}/me", headers=headers)


def test_order_in_the_journal_is_real_while_time_moves_back(
    server: MockLivestorm, freeze: Freeze
) -> None:
    """The journal goes on, and the audit sees what follows what, as it does in normal time."""
    with server.sandbox(rate_limits=False) as livestorm:
        call_each_year_before(livestorm, freeze, 6)
        entries = livestorm.journal.entries()
        told = [moment for one in entries for moment in (one.wall, one.answered_at)]
        assert told == sorted(told, key=lambda moment: moment or 0)
        assert [one.at for one in entries] == sorted((one.at for one in entries), reverse=True)
        (finding,) = livestorm.audit()
        assert (finding.rule, len(finding.exchanges)) == ("access_token_after_401", 6)


def test_month_of_the_limit_ends_by_the_time_of_the_answer(
    server: MockLivestorm, freeze: Freeze
) -> None:
    """`RateLimit-Reset` is thirty days after `Date`, and travelling there frees the month."""
    with (
        server.sandbox(rate_limit_reset_on="every_answer", monthly_limit=1) as livestorm,
        httpx.Client(trust_env=False, base_url=livestorm.api_url) as http,
    ):
        for moment in (NOON, NOON + timedelta(days=30)):
            with freeze(moment):
                answers = [http.get("ping") for _ in range(2)]
            assert [one.status_code for one in answers] == [401, 429]
            for one in answers:
                reset = int(one.headers["ratelimit-reset"])
                began = parsedate_to_datetime(one.headers["date"])
                assert (began, reset) == (moment, int(moment.timestamp()) + 30 * 86_400)


def test_clock_of_the_sandbox_moves_frozen_time(server: MockLivestorm, freeze: Freeze) -> None:
    """`clock.advance` adds to the process's time, frozen or not."""
    with freeze(NOON), server.sandbox() as livestorm:
        livestorm.clock.advance(7201)
        assert livestorm.clock.now() == NOON.timestamp() + 7201


def test_server_that_is_started_while_time_stands_still_answers(freeze: Freeze) -> None:
    """Nothing in the start, the wait for an exchange or the end hangs."""
    with freeze(NOON), MockLivestorm() as livestorm:
        assert livestorm.wait_for_exchanges(0.01) == []
        connected(livestorm).me()
        assert livestorm.wait_for_exchanges(1, endpoint="api.me")

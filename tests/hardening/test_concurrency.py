"""Of 500 requests that come at once, each has its effect once, and its place in the journal."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from livestorm_mock_server import MockLivestorm

from ..mock_server.wire import frame

AT_ONCE = 500
FORM = [("Content-Type", "application/x-www-form-urlencoded"), ("Connection", "close")]


def token_request(livestorm: MockLivestorm, members: Mapping[str, str]) -> bytes:
    """Frame a request to the token endpoint, with the credentials of the first application."""
    credentials = {"client_id": livestorm.client_id, "client_secret": livestorm.client_secret}
    return frame("POST", "/oauth/token", FORM, urlencode({**credentials, **members}).encode())


async def send_at_once(url: str, request: bytes, times: int) -> list[tuple[int, bytes]]:
    """Send a request on so many connections, all but its end first; give statuses and bodies."""
    parts = urlsplit(url)
    connections = [await asyncio.open_connection(parts.hostname, parts.port) for _ in range(times)]
    for _, writer in connections:
        writer.write(request[:-1])
    await asyncio.gather(*(writer.drain() for _, writer in connections))
    for _, writer in connections:
        writer.write(request[-1:])
    answers = await asyncio.gather(*(reader.read() for reader, _ in connections))
    for _, writer in connections:
        writer.close()
    return [(int(one.split(b" ", 2)[1]), one.partition(b"\r\n\r\n")[2]) for one in answers]


def assert_journal_is_whole(livestorm: MockLivestorm, statuses: list[int]) -> None:
    """Check that each request has one entry, numbered without a gap, with its answer."""
    entries = livestorm.journal.entries()
    assert [entry.seq for entry in entries] == list(range(1, len(statuses) + 1))
    told = Counter(entry.response.status for entry in entries if entry.response is not None)
    assert told == Counter(statuses)
    assert sorted(entry.event or 0 for entry in entries) == [entry.seq for entry in entries]


ONE, ALL = 1, AT_ONCE
SUCCESSES = {
    "on_use": ALL,
    "instant": ONE,
    "grace": ALL,
    "family": ONE,
    "grace_then_family": ALL,
    "never": ALL,
}
"""How many refreshes with the same token succeed before anybody uses what they got."""


@pytest.mark.parametrize("rotation", SUCCESSES)
def test_refresh_counts_once_for_each_rotation(rotation: str) -> None:
    """Where a refresh token can be used once, one of 500 gets a pair; else each gets one."""
    with MockLivestorm(rotation=rotation, rate_limits=False) as livestorm:
        refresh_token = str(livestorm.issue_tokens()["refresh_token"])
        request = token_request(
            livestorm, {"grant_type": "refresh_token", "refresh_token": refresh_token}
        )
        answers = asyncio.run(send_at_once(livestorm.app_url, request, AT_ONCE))
        issued = [json.loads(body)["access_token"] for status, body in answers if status == 200]
        refused = [json.loads(body)["error"] for status, body in answers if status == 400]
        assert (len(issued), len(set(issued))) == (SUCCESSES[rotation], SUCCESSES[rotation])
        assert refused == ["invalid_grant"] * (AT_ONCE - SUCCESSES[rotation])
        assert_journal_is_whole(livestorm, [status for status, _ in answers])


def test_repeated_refresh_gives_the_same_pair_within_its_grace() -> None:
    """All 500 get one pair where a provider repeats it."""
    with MockLivestorm(rotation="grace", rotation_repeat="same_pair", rate_limits=False) as fake:
        refresh_token = str(fake.issue_tokens()["refresh_token"])
        request = token_request(
            fake, {"grant_type": "refresh_token", "refresh_token": refresh_token}
        )
        answers = asyncio.run(send_at_once(fake.app_url, request, AT_ONCE))
        pairs = {
            (told["access_token"], told["refresh_token"])
            for status, body in answers
            if status == 200 and (told := json.loads(body))
        }
        assert ({status for status, _ in answers}, len(pairs)) == ({200}, 1)
        assert_journal_is_whole(fake, [200] * AT_ONCE)


@pytest.mark.parametrize("release", ["5.5", "6.0"])
def test_code_is_redeemed_once(release: str) -> None:
    """Of 500 exchanges of a code one succeeds."""
    with MockLivestorm(release=release, rate_limits=False) as livestorm:
        location = livestorm.authorize()
        code = parse_qs(urlsplit(location).query)["code"][0]
        livestorm.journal.clear()
        before = livestorm.journal.last_number
        members = {"grant_type": "authorization_code", "code": code}
        request = token_request(livestorm, members | {"redirect_uri": livestorm.redirect_uri})
        answers = asyncio.run(send_at_once(livestorm.app_url, request, AT_ONCE))
        assert Counter(status for status, _ in answers) == {200: 1, 400: AT_ONCE - 1}
        seqs = [entry.seq for entry in livestorm.journal]
        assert seqs == list(range(before + 1, before + AT_ONCE + 1))


def test_limit_lets_as_many_through_as_it_says() -> None:
    """Of 500 calls in a month of seven, seven are answered, each other one is a 429."""
    with MockLivestorm(interval_limit=AT_ONCE, monthly_limit=7) as livestorm:
        token = str(livestorm.issue_tokens()["access_token"])
        headers = [("Authorization", f"Bearer {token}"), ("Connection", "close")]
        request = frame("GET", "/v1/me", headers)
        answers = asyncio.run(send_at_once(livestorm.app_url, request, AT_ONCE))
        statuses = [status for status, _ in answers]
        assert Counter(statuses) == {200: 7, 429: AT_ONCE - 7}
        assert_journal_is_whole(livestorm, statuses)


def test_fault_strikes_as_often_as_it_says() -> None:
    """A fault for seven times strikes seven of 500 requests."""
    with MockLivestorm(rate_limits=False) as livestorm:
        livestorm.faults.arm("api.ping", "api_error", status=503, times=7)
        request = frame("GET", "/v1/ping", [("Connection", "close")])
        answers = asyncio.run(send_at_once(livestorm.api_url, request, AT_ONCE))
        assert Counter(status for status, _ in answers) == {503: 7, 401: AT_ONCE - 7}
        assert_journal_is_whole(livestorm, [status for status, _ in answers])

"""Kinds for several requests: sequences and barriers."""

import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm

from ..conftest import SendTokenRequest
from ..requests import Ping, Requests
from ..wire import Wire, frame

pytestmark = pytest.mark.livestorm(rate_limits=False)


def test_sequence_goes_step_by_step(livestorm: LivestormSandbox, send: Ping) -> None:
    """Each matching request meets the next step, then all pass."""
    steps = [502, "ok", "workspace_blocked", {"fault": "api_error", "status": 422}]
    livestorm.faults.arm("api", "sequence", steps=steps)
    assert [send().status for _ in range(6)] == [502, 200, 403, 422, 200, 200]


def test_barrier_holds_until_all_have_come(livestorm: LivestormSandbox, requests: Requests) -> None:
    """The first request waits for the second."""
    livestorm.faults.arm("api", "barrier", parties=2)
    with Wire(livestorm.app_url, timeout=0.1) as first, Wire(livestorm.app_url) as second:
        first.send(requests.frame("api.ping"))
        with pytest.raises((TimeoutError, socket.timeout)):
            first.read()
        second.send(requests.frame("api.ping"))
        assert second.read().status == 200


def test_barriers_of_a_sequence_are_one(livestorm: LivestormSandbox, requests: Requests) -> None:
    """The requests of two steps wait for each other."""
    livestorm.faults.arm("api", "sequence", steps=["barrier", "barrier"])
    with Wire(livestorm.app_url) as first, Wire(livestorm.app_url) as second:
        first.send(requests.frame("api.ping"))
        second.send(requests.frame("api.ping"))
        assert (first.read().status, second.read().status) == (200, 200)


@pytest.mark.parametrize("end", ["release", "disarm", "reset", "close"])
def test_barrier_lets_go_when_there_is_nothing_to_wait_for(
    livestorm_server: MockLivestorm, end: str
) -> None:
    """A test thread releases it; and with the fault, or its sandbox, the waiting ends, too."""
    with livestorm_server.sandbox() as livestorm:
        armed = livestorm.faults.arm("api", "barrier", parties=2)
        ends: dict[str, Callable[[], object]] = {
            "release": armed.release,
            "disarm": livestorm.faults.disarm,
            "reset": livestorm.reset,
            "close": livestorm.close,
        }
        with Wire(livestorm.app_url) as wire:
            wire.send(frame("GET", urlsplit(f"{livestorm.api_url}/ping").path))
            while not len(livestorm.journal):
                pass
            ends[end]()
            assert wire.read().status == 401


@pytest.mark.livestorm(rotation="instant", rate_limits=False)
def test_held_request_is_judged_when_it_goes_on(
    livestorm: LivestormSandbox, requests: Requests, refresh: SendTokenRequest
) -> None:
    """A token that dies while the request waits is dead; the journal tells when it arrived."""
    armed = livestorm.faults.arm("api.me", "barrier", parties=2)
    tokens = livestorm.issue_tokens()
    path = urlsplit(f"{livestorm.api_url}/me").path
    with Wire(livestorm.app_url) as wire:
        bearer = ("Authorization", f"Bearer {tokens['access_token']}")
        wire.send(frame("GET", path, [bearer]))
        while not armed.hits:
            pass
        livestorm.clock.advance(10)
        assert refresh(str(tokens["refresh_token"])).status_code == 200
        armed.release()
        assert wire.read().status == 401
    held, refreshed = livestorm.journal
    assert refreshed.exchange.now - held.at >= 10

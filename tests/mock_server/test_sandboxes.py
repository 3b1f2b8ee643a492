"""A thousand universes on one server."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from random import Random
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm

from .wire import Answer, Wire, frame

COUNT = 1000
CLIENTS = 8
START = 1_795_435_200


class Universe:
    """A sandbox whose time, token and fault are its own."""

    def __init__(self, number: int, sandbox: LivestormSandbox) -> None:
        self.sandbox = sandbox
        self.now = START + number * 3600
        self.status = 500 + number % 100
        sandbox.clock.freeze()
        sandbox.clock.set(self.now)
        sandbox.faults.arm("api.me", "api_error", status=self.status)
        self.access_token = str(sandbox.issue_tokens()["access_token"])

    def frame(self, path: str, access_token: str) -> bytes:
        """Frame an API call."""
        target = urlsplit(self.sandbox.api_url).path + path
        return frame("GET", target, [("Authorization", f"Bearer {access_token}")])


@pytest.fixture
def universes() -> Iterator[list[Universe]]:
    """A thousand sandboxes, each different."""
    with MockLivestorm() as server:
        yield [Universe(number, server.sandbox()) for number in range(COUNT)]


def visit(universes: list[Universe], seed: int) -> list[tuple[int, int]]:
    """Call each sandbox once, in an order of one's own; give the statuses by sandbox."""
    order = Random(seed).sample(range(COUNT), COUNT)
    with Wire(universes[0].sandbox.app_url) as wire:
        return [(number, ping(wire, universes[number]).status) for number in order]


def ping(wire: Wire, universe: Universe) -> Answer:
    """Call `GET /v1/ping` with the sandbox's own token."""
    wire.send(universe.frame("/ping", universe.access_token))
    return wire.read()


def test_thousand_sandboxes_never_mix(universes: list[Universe]) -> None:
    """Each has its own limit, clock, token, fault and journal, whoever else is served.

    Eight clients call each of them once at a second that stands still, all at the same time and
    in different orders; five calls are within the limit, so five succeed in each.
    """
    with ThreadPoolExecutor(CLIENTS) as pool:
        visits = pool.map(lambda seed: visit(universes, seed), range(CLIENTS))
        seen = Counter(pair for visited in visits for pair in visited)
    assert seen == {
        (number, status): times
        for number in range(COUNT)
        for status, times in ((200, 5), (429, CLIENTS - 5))
    }
    for number, universe in enumerate(universes):
        entries = list(universe.sandbox.journal)
        assert {entry.exchange.now for entry in entries} == {universe.now}, number
        assert {bearer(entry.as_json()) for entry in entries} == {universe.access_token}, number


def bearer(entry: dict[str, Any]) -> str:
    """Give the access token that an exchange presented."""
    return str(dict(entry["request"]["headers"])["authorization"]).removeprefix("Bearer ")


def test_token_and_fault_of_a_sandbox_are_nothing_to_the_next(universes: list[Universe]) -> None:
    """The neighbour's token is unknown, and the fault is one's own."""
    with Wire(universes[0].sandbox.app_url) as wire:
        for universe, neighbour in pairwise(universes):
            universe.sandbox.clock.advance(1)
            wire.send(universe.frame("/ping", neighbour.access_token))
            assert wire.read().status == 401
            wire.send(universe.frame("/me", universe.access_token))
            assert wire.read().status == universe.status


def test_dropped_sandboxes_leave_the_others_alone() -> None:
    """Every second one is dropped; the rest goes on."""
    with MockLivestorm() as server, httpx.Client() as http:
        sandboxes = [server.sandbox() for _ in range(20)]
        for sandbox in sandboxes[::2]:
            sandbox.close()
        found = [http.get(f"{one.control_url}/health").status_code for one in sandboxes]
    assert found == [404, 200] * 10


@pytest.mark.parametrize(
    "body",
    [
        {"release": "6.0", "provider": {"release": "5.9"}},
        {"auto_approve": True, "provider": {"consent": "ask"}},
    ],
)
def test_option_that_is_told_twice_is_refused(
    livestorm: LivestormSandbox, body: dict[str, object]
) -> None:
    """Neither way of saying it wins in silence."""
    answer = httpx.post(f"{livestorm.control_url}/sandboxes", json=body)
    assert (answer.status_code, "provider." in answer.json()["error"]) == (422, True)

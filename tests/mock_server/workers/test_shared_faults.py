"""Faults strike as often as they say, over all servers; barriers hold the requests of all."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

from .conftest import Machine, Shared

BOTH = 30


def ping(machine: Machine) -> int:
    """Send a request."""
    return machine.ping().status_code


def both(shared: Shared, times: int) -> list[Machine]:
    """Take turns."""
    return [shared.one, shared.other] * times


@pytest.mark.parametrize("times", [1, 3])
def test_fault_strikes_just_so_often(shared: Shared, times: int) -> None:
    """Of requests that come to both at once, three are struck where three are meant."""
    armed = shared.one.control(
        "POST", "faults", on="api.ping", fault="api_error", status=503, times=times
    )
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(ping, both(shared, BOTH)))
    assert statuses.count(503) == times
    listed = shared.other.control("GET", "faults")["faults"]
    assert [(one["id"], one["hits"]) for one in listed] == [(armed["id"], times)]
    struck = shared.one.control("GET", f"journal?fault={armed['id']}")["exchanges"]
    assert len(struck) == times


def test_fault_strikes_no_more_often_while_the_sandbox_changes(shared: Shared) -> None:
    """What another server sets anew while a hit is counted makes the hit no other one."""
    fault = {"on": "api.ping", "fault": "api_error", "status": 503, "times": 3}
    for _ in range(5):
        shared.one.control("POST", "faults", **fault)

        def move(machine: Machine) -> int:
            machine.control("POST", "clock", advance=1)
            return 0

        with ThreadPoolExecutor(16) as pool:
            moved = [pool.submit(move, machine) for machine in both(shared, 10)]
            pinged = [pool.submit(ping, machine) for machine in both(shared, 10)]
            statuses = [one.result() for one in (*pinged, *moved)]
        assert statuses.count(503) == 3
        shared.one.control("DELETE", "faults")


def test_fault_is_armed_and_disarmed_for_all(shared: Shared) -> None:
    """What is armed at one strikes at the other, until it is disarmed at either."""
    fault = {"on": "api.ping", "fault": "api_error", "status": 503}
    armed = shared.one.control("POST", "faults", **fault)
    assert ping(shared.other) == 503
    shared.other.control("DELETE", f"faults/{armed['id']}")
    assert ping(shared.one) == 401
    again = shared.other.control("POST", "faults", **fault)
    assert again["id"] != armed["id"]


@pytest.mark.parametrize(
    "when", [{"after": 2, "every": 3}, {"probability": 0.5, "seed": 7}, {"after": 1, "times": 2}]
)
def test_same_requests_are_struck_as_by_one_server(
    shared: Shared, livestorm: LivestormSandbox, http: httpx.Client, when: dict[str, Any]
) -> None:
    """Counts and draws go on from server to server."""
    fault = {"on": "api.ping", "fault": "api_error", "status": 503, **when}
    shared.one.control("POST", "faults", **fault)
    livestorm.faults.arm_from(fault)
    by_one = [http.get(f"{livestorm.api_url}/ping").status_code == 503 for _ in range(20)]
    assert [ping(machine) == 503 for machine in both(shared, 10)] == by_one


def test_requests_with_nothing_to_spoil_are_no_hits(shared: Shared) -> None:
    """Of requests that come to both at once, those are struck whose answers have a body to cut."""
    token = f"Bearer {shared.pair()['access_token']}"
    shared.one.control("POST", "faults", on="api", fault="truncated_json", keep=0, times=3)

    def me(machine: Machine, **headers: str) -> httpx.Response:
        return machine.http.get(f"{machine.url}/v1/me", headers=headers)

    with ThreadPoolExecutor(16) as pool:
        blank = [pool.submit(me, one) for one in both(shared, 10)]
        whole = [pool.submit(me, one, Authorization=token) for one in both(shared, 10)]
        assert {one.result().status_code for one in blank} == {401}
        assert sum(not one.result().content for one in whole) == 3
    assert [one["hits"] for one in shared.other.control("GET", "faults")["faults"]] == [3]
    struck = shared.one.control("GET", "journal?fault=fault-1")["exchanges"]
    assert [one["response"]["status"] for one in struck] == [200] * 3


def test_hit_of_a_request_that_passed_in_the_end_is_given_to_another(
    open_shared: Callable[..., Shared],
) -> None:
    """Two wait with one refresh token: the hit of whose answer was no token is taken back.

    Each server then knows that the fault is not spent.
    """
    shared = open_shared(provider={"rate_limits": False, "rotation": "instant"})
    fault = {"on": "token", "fault": "token_fields", "drop": ["scope"], "times": 2, "delay": 0.5}
    shared.one.control("POST", "faults", **fault)

    def refresh(machine: Machine, token: str) -> httpx.Response:
        members = {"grant_type": "refresh_token", "refresh_token": token}
        return machine.token(**shared.credentials, **members)

    first = shared.pair()["refresh_token"]
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(refresh, one, first) for one in both(shared, 1)]
        answers = [one.result() for one in waiting]
    assert sorted(one.status_code for one in answers) == [200, 400]
    assert [one["hits"] for one in shared.one.control("GET", "faults")["faults"]] == [1]
    struck = [
        "scope" not in refresh(one, shared.pair()["refresh_token"]).json()
        for one in both(shared, 1)
    ]
    assert struck == [True, False]
    assert [one["hits"] for one in shared.one.control("GET", "faults")["faults"]] == [2]


def test_steps_of_a_sequence_are_played_once(shared: Shared) -> None:
    """Each step strikes one request, whichever server it comes to."""
    steps = [{"fault": "api_error", "status": status} for status in (500, 502, 503)]
    shared.one.control("POST", "faults", on="api.ping", fault="sequence", steps=steps)
    statuses = [ping(machine) for machine in both(shared, 2)]
    assert statuses == [500, 502, 503, 401]


def test_number_of_an_exchange_is_the_same_for_all(shared: Shared) -> None:
    """A fault for the third exchange strikes that one; one that has been is refused."""
    fault = {"on": "api.ping", "fault": "api_error", "status": 503}
    shared.one.control("POST", "faults", **fault, when={"number": 3})
    assert [ping(machine) for machine in both(shared, 2)] == [401, 401, 503, 401]
    keys = {**fault, "when": {"number": 4}}
    answer = shared.one.http.post(f"{shared.one.url}/_mock/faults", json=keys)
    assert "a number above 4" in answer.json()["error"]


def arm_barrier(shared: Shared, **members: object) -> str:
    """Arm a barrier; give its id."""
    keys = {"on": "api.ping", "fault": "barrier", "seconds": 20, **members}
    return str(shared.one.control("POST", "faults", **keys)["id"])


def test_barrier_opens_once_all_have_come(shared: Shared) -> None:
    """Requests at both wait for each other, and go on together."""
    arm_barrier(shared, parties=4)
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(ping, machine) for machine in both(shared, 2)[:3]]
        _wait_for_open_exchanges(shared, 3)
        assert not any(one.done() for one in waiting)
        waiting.append(pool.submit(ping, shared.other))
        assert [one.result(15) for one in waiting] == [401] * 4


@pytest.mark.parametrize("way", ["release", "disarm", "reset"])
def test_barrier_is_opened_from_the_other_server(shared: Shared, way: str) -> None:
    """Who waits at one is let go by whoever releases, disarms or resets at the other."""
    fault_id = arm_barrier(shared, parties=2)
    with ThreadPoolExecutor(1) as pool:
        waiting: Future[int] = pool.submit(ping, shared.one)
        _wait_for_open_exchanges(shared, 1)
        if way == "release":
            shared.other.control("POST", f"faults/{fault_id}/release")
        elif way == "disarm":
            shared.other.control("DELETE", "faults")
        else:
            shared.other.control("POST", "reset")
        assert waiting.result(15) == 401


def test_barrier_gives_up_in_real_time(shared: Shared) -> None:
    """Who waits alone goes on alone, and is no party for those who come later."""
    arm_barrier(shared, parties=2, seconds=0.1, times=2)
    assert [ping(shared.one), ping(shared.other)] == [401, 401]


def _wait_for_open_exchanges(shared: Shared, number: int) -> None:
    """Wait until so many requests have been struck that are not answered, as the journal tells."""
    ready = threading.Event()
    while not ready.is_set():
        struck = shared.other.control("GET", "journal?fault=barrier&endpoint=api.ping")["exchanges"]
        if sum(one["response"] is None for one in struck) == number:
            ready.set()

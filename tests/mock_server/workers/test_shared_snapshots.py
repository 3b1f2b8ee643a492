"""A sandbox that workers share is exported and imported as one of a single process is."""

import httpx
from livestorm_mock_server import LivestormSandbox

from ..snapshots.histories import history
from .conftest import Machine, Shared


def state_of(machine: Machine) -> bytes:
    """Export a sandbox at one of the servers."""
    answer = machine.http.get(f"{machine.url}/_mock/state")
    assert answer.status_code == 200
    return answer.content


def put(machine: Machine, state: bytes) -> httpx.Response:
    """Import a state at one of the servers."""
    headers = {"Content-Type": "application/json"}
    return machine.http.put(f"{machine.url}/_mock/state", content=state, headers=headers)


def test_state_of_one_process_becomes_that_of_all(
    shared: Shared, livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """What the other exports is what was imported, byte for byte, and goes back likewise."""
    history(livestorm, http)
    state = http.get(f"{livestorm.control_url}/state").content
    assert put(shared.one, state).status_code == 200
    assert state_of(shared.other) == state
    shared.other.control("POST", "reset")
    assert state_of(shared.one) != state
    assert put(shared.other, state).status_code == 200
    assert state_of(shared.one) == state
    livestorm.put_scenario("happy_path")
    http.put(f"{livestorm.control_url}/state", json=httpx.Response(200, content=state).json())
    assert http.get(f"{livestorm.control_url}/state").content == state


def test_shared_state_goes_on_as_the_original(
    shared: Shared, livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """Refresh tokens, limits, counts of faults and numbers of exchanges are where they were."""
    history(livestorm, http)
    livestorm.faults.disarm()
    livestorm.faults.arm("api", "html_page", status=503, after=1, times=1)
    livestorm.clock.advance(1)
    pair = livestorm.issue_tokens()
    bearer = {"Authorization": f"Bearer {pair['access_token']}"}
    http.get(f"{livestorm.api_url}/ping", headers=bearer)
    put(shared.one, http.get(f"{livestorm.control_url}/state").content)
    theirs = [shared.other.ping(**bearer) for _ in range(6)]
    ours = [http.get(f"{livestorm.api_url}/ping", headers=bearer) for _ in range(6)]
    assert [one.status_code for one in theirs] == [one.status_code for one in ours]
    assert [one.status_code for one in ours] == [503, 200, 200, 200, 200, 429]
    assert [one.headers.get("ratelimit-monthly-remaining") for one in theirs] == [
        one.headers.get("ratelimit-monthly-remaining") for one in ours
    ]
    assert shared.one.numbers() == [one.seq for one in livestorm.journal][-6:]
    asked = {"grant_type": "refresh_token", "refresh_token": str(pair["refresh_token"])}
    own = {"client_id": livestorm.client_id, "client_secret": livestorm.client_secret}
    assert shared.other.token(**asked, **own).status_code == 200


def test_state_with_a_seed_is_refused(shared: Shared, livestorm: LivestormSandbox) -> None:
    """Servers that take turns draw in no order; nothing is changed."""
    before = state_of(shared.one)
    with livestorm.sandbox(seed=1) as seeded:
        state = shared.one.http.get(f"{seeded.control_url}/state").content
    answer = put(shared.one, state)
    assert answer.status_code == 422
    assert "seed is 1; expected nothing with a shared store" in answer.json()["error"]
    assert state_of(shared.other) == before


def test_damaged_state_changes_nothing(shared: Shared) -> None:
    """It is refused with its place."""
    shared.pair()
    before = state_of(shared.one)
    answer = put(shared.other, before.replace(b'"store":{', b'"store":{"x":1,'))
    assert answer.json()["error"].startswith("unknown key store.x; expected one of")
    assert state_of(shared.one) == before

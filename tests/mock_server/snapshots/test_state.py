"""`/_mock/state` and its methods in Python."""

from collections.abc import Callable

import httpx
import msgspec
import pytest
from livestorm_mock_server import InvalidInputError, LivestormSandbox
from livestorm_mock_server.collections.exported import Exported
from livestorm_mock_server.collections.item import Item
from livestorm_mock_server.collections.schedule import Planned
from livestorm_mock_server.control import state
from livestorm_mock_server.scenario import ApplicationEntry
from livestorm_mock_server.snapshots.document import SavedCollections, SavedItem, SavedPlan
from livestorm_mock_server.snapshots.encoding import encode

from ..conftest import SendTokenRequest, is_alive


def test_export_is_the_same_bytes_as_long_as_nothing_changes(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """However much time passes: it is a file to be compared."""
    url = f"{livestorm.control_url}/state"
    first = http.get(url)
    assert first.headers["content-disposition"].endswith('"livestorm-mock-state.json"')
    assert http.get(url).content == first.content == encode(livestorm.state())


@pytest.mark.livestorm("workspace_large")
def test_large_export_is_written_beside_the_loop(
    livestorm: LivestormSandbox, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that others are answered meanwhile; items count as tokens do."""
    sizes: list[int] = []

    async def call_beside(work: Callable[[], bytes], *, size: int) -> bytes:
        sizes.append(size)
        return work()

    monkeypatch.setattr(state, "call_beside", call_beside)
    assert http.get(f"{livestorm.control_url}/state").status_code == 200
    items = sum(len(livestorm.items(name)) for name in livestorm._sandbox.collections.types)
    assert sizes == [items]


@pytest.mark.parametrize(
    ("saved", "kept"), [(SavedCollections, Exported), (SavedItem, Item), (SavedPlan, Planned)]
)
def test_all_that_collections_keep_is_in_the_file(
    saved: type[msgspec.Struct], kept: type[msgspec.Struct]
) -> None:
    """In the same order, so that what is imported is exported as the same bytes."""
    assert saved.__struct_fields__ == kept.__struct_fields__


def test_import_brings_back_what_there_was(
    livestorm: LivestormSandbox, http: httpx.Client, refresh: SendTokenRequest
) -> None:
    """Tokens live again, faults have struck as often, and the answer has the credentials."""
    livestorm.faults.arm("token", "html_page", status=502, times=2)
    url, pair = f"{livestorm.control_url}/state", livestorm.issue_tokens()
    refresh_token = str(pair["refresh_token"])
    assert refresh(refresh_token).status_code == 502
    state = http.get(url).json()
    livestorm.put_scenario("rate_limited")
    assert not is_alive(livestorm, http, str(pair["access_token"]))
    described = http.put(url, json=state).json()
    assert described["client_id"] == state["applications"][0]["client_id"]
    livestorm.restore(state)
    assert [refresh(refresh_token).status_code for _ in range(2)] == [502, 200]
    assert is_alive(livestorm, http, str(pair["access_token"]))
    assert livestorm.scenario.title == "All goes well"


def test_import_empties_the_journal_and_numbers_go_on(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """The journal is no part of it; a fault for the third exchange strikes the third."""
    http.get(f"{livestorm.api_url}/ping")
    http.get(f"{livestorm.api_url}/ping")
    livestorm.faults.arm("api", "html_page", status=503, when={"number": 3})
    livestorm.restore(livestorm.state())
    assert len(livestorm.journal) == 0
    assert http.get(f"{livestorm.api_url}/ping").status_code == 503
    assert [one.seq for one in livestorm.journal] == [3]


def test_import_leads_to_the_reset_of_the_original(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """A reset keeps the credentials that were announced, those of registered ones, too."""
    registered = livestorm.register_application(
        ApplicationEntry(name="Other", redirect_uris=("https://other.test/cb",))
    )
    secret = livestorm.client_secret
    state = livestorm.state()
    livestorm.rotate_secret(livestorm.client_id)
    livestorm.put_scenario("happy_path")
    livestorm.restore(state)
    livestorm.reset()
    assert livestorm.client_secret == secret
    issued = livestorm.issue_tokens(client_id=registered.client_id)
    assert is_alive(livestorm, http, str(issued["access_token"]))


def test_import_moves_the_clock(livestorm: LivestormSandbox) -> None:
    """A frozen clock stands where it stood; one that runs has gone on with real time."""
    livestorm.clock.advance(1_000)
    running = livestorm.state()
    livestorm.clock.freeze()
    livestorm.clock.set(5_000)
    frozen = livestorm.state()
    livestorm.restore(running)
    assert livestorm.clock.now() - livestorm.clock.wall() == pytest.approx(1_000, abs=1)
    livestorm.restore(frozen)
    assert (livestorm.clock.now(), livestorm.clock.frozen) == (5_000, True)


def test_refused_import_changes_nothing(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """The answer is 422 with the place, and all is as it was."""
    before = encode(livestorm.state())
    state = livestorm.state()
    state["last_fault"] = "x"
    answer = http.put(f"{livestorm.control_url}/state", json=state)
    told = "last_fault is 'x'; expected an integer"
    assert (answer.status_code, answer.json()) == (422, {"error": told})
    with pytest.raises(InvalidInputError, match="last_fault is 'x'"):
        livestorm.restore(state)
    assert encode(livestorm.state()) == before


def test_fault_without_its_door_is_refused(livestorm: LivestormSandbox) -> None:
    """A fault of handshakes needs a door with TLS; nothing is imported without it."""
    state = livestorm.state()
    state["faults"] = [
        {
            "id": "fault-1",
            "seen": 0,
            "hits": 0,
            "keys": {"on": "connection", "fault": "tls", "variant": "reset"},
        }
    ]
    state["last_fault"] = 1
    with pytest.raises(InvalidInputError, match=r"faults\[0\].keys.on is 'connection'"):
        livestorm.restore(state)
    assert livestorm.faults.armed() == []


def test_state_goes_into_another_sandbox(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """With the same credentials, at its own address."""
    pair = livestorm.issue_tokens()
    with livestorm.sandbox() as other:
        other.restore(livestorm.state())
        assert other.client_id == livestorm.client_id
        assert other.app_url != livestorm.app_url
        assert is_alive(other, http, str(pair["access_token"]))


def test_texts_that_are_no_unicode_survive(livestorm: LivestormSandbox) -> None:
    """A seed from the command line may have bytes that are none."""
    with livestorm.sandbox(seed="\udcff") as one:
        one.faults.arm("token", "token_fields", set={"scope": "\ud800", "x": float("nan")})
        state = one.state()
        livestorm.restore(state)
        assert encode(livestorm.state()) == encode(state)

"""Each scenario does what it says, and a correct client comes out of it as it should."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from livestorm_client import LivestormClient, MemoryStore
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.faults.sequence import SequenceFault
from livestorm_mock_server.scenario_files import load_scenario, scenario_names

from .conftest import SetOut
from .journey import name_outcome, transcript, unexpected
from .stories import EVIDENCE, STORIES

OUTCOMES = {
    "ok",
    "denied",
    "reauth_required",
    "config_error",
    "retry_later",
    "protocol_error",
    "transport_error",
    "security_error",
    "no_callback",
}
WITHOUT_FAULTS = [name for name in STORIES if not load_scenario(name).faults]


def test_every_scenario_has_a_story() -> None:
    """Stories and scenarios are the same."""
    assert sorted(STORIES) == scenario_names()


@pytest.mark.parametrize("name", STORIES)
def test_client_comes_out_as_it_should(name: str, set_out: SetOut) -> None:
    """The client ends each step as the catalogue allows, and every fault has struck."""
    with set_out(name) as journey:
        outcomes = journey.go(STORIES[name])
    assert unexpected(STORIES[name], outcomes) == []
    assert faults_left(journey.sandbox) == []
    assert_codes_are_sent_once(journey.sandbox, but=STORIES[name].count("replay_code"))
    assert_nothing_goes_elsewhere(journey.sandbox)


@pytest.mark.parametrize("name", [name for name in WITHOUT_FAULTS if name != "happy_path"])
def test_options_show(name: str, set_out: SetOut) -> None:
    """What a scenario without faults sets can be seen, and not where all goes well."""
    with set_out(name) as journey, set_out("happy_path") as plain:
        outcomes, plain_outcomes = journey.go(STORIES[name]), plain.go(STORIES[name])
    if name in EVIDENCE:
        assert re.search(EVIDENCE[name], transcript(journey.sandbox))
        assert not re.search(EVIDENCE[name], transcript(plain.sandbox))
    else:
        assert outcomes != plain_outcomes


@pytest.mark.parametrize("name", [name for name in STORIES if name.startswith("callback_")])
def test_refused_callback_sends_no_token_request(name: str, set_out: SetOut) -> None:
    """A callback that does not connect leads to no token request, and the others to one."""
    with set_out(name) as journey:
        outcomes = journey.go("connect again")
    sent = len(journey.sandbox.journal.entries(endpoint="token"))
    assert sent == outcomes.count("connect=ok")


def test_slow_refresh_is_shared_by_parallel_calls(set_out: SetOut) -> None:
    """In `refresh_slow`, five calls at once refresh once."""
    with set_out("refresh_slow") as journey:
        journey.go("connect wait:7201")
        with ThreadPoolExecutor(5) as pool:
            outcomes = list(pool.map(lambda _: name_outcome(journey.client.me), range(5)))
    assert outcomes == ["ok"] * 5
    assert len(journey.sandbox.journal.entries(endpoint="token.refresh_token")) == 1


def test_two_workers_refresh_at_once(set_out: SetOut) -> None:
    """In `refreshes_at_once`, one of two workers has the new pair; the other may have lost."""
    with set_out("refreshes_at_once") as journey:
        journey.go("connect wait:7201")
        other = journey.new_client(MemoryStore(journey.client.tokens))
        outcomes = at_once(journey.client.refresh, other.refresh)
    assert sorted(outcomes) == ["ok", "reauth_required"]


def test_two_exchanges_at_once_redeem_the_code_once(set_out: SetOut) -> None:
    """In `callback_twice_at_once`, a client that sends the code twice has one answer refused."""
    with set_out("callback_twice_at_once") as journey:
        journey.go("begin")
        at_once(lambda: journey.go("replay_code"), lambda: journey.go("replay_code"))
    answers = [entry.response for entry in journey.sandbox.journal.entries(endpoint="token")]
    assert sorted(answer.status for answer in answers if answer) == [200, 400]


def test_two_users_see_their_own_workspace(set_out: SetOut) -> None:
    """In `two_users`, each connection is answered for its own user."""
    with set_out("two_users") as journey:
        other = journey.new_client(MemoryStore())
        connect_as("ada.martin@example.test", journey.sandbox, journey.client)
        connect_as("grace.dupont@example.test", journey.sandbox, other)
        names = [read_workspace(client) for client in (journey.client, other)]
    assert names == ["First Workspace", "Second Workspace"]


@pytest.mark.parametrize("name", STORIES)
def test_story_ends_in_outcomes_of_the_catalogue(name: str) -> None:
    """Where a story allows an outcome of the client, it is one that the catalogue knows."""
    told = [step.partition("=")[2] or "ok" for step in STORIES[name].split()]
    kinds = {kind for kinds in told for kind in kinds.split("|") if not kind.isdigit()}
    assert kinds <= OUTCOMES


def faults_left(sandbox: LivestormSandbox) -> list[str]:
    """Give the faults that did not strike, or not with all their steps."""
    return [
        armed.fault.kind
        for armed in sandbox.faults.armed()
        if armed.hits < (len(armed.fault.steps) if isinstance(armed.fault, SequenceFault) else 1)
    ]


def assert_codes_are_sent_once(sandbox: LivestormSandbox, *, but: int) -> None:
    """Assert that no code was sent twice, `but` for those that the story itself sent again."""
    entries = sandbox.journal.entries(endpoint="token.authorization_code")
    codes = [entry.exchange.request.parameters.get("code") for entry in entries]
    assert len(codes) - len(set(map(str, codes))) == but


def assert_nothing_goes_elsewhere(sandbox: LivestormSandbox) -> None:
    """Assert that the client went to no other origin that the fake listens on."""
    hosts = {entry.exchange.request.header("host") for entry in sandbox.journal}
    assert [host for host in hosts if f"//{host}/" not in f"{sandbox.app_url}/"] == []


def at_once(*operations: Callable[[], object]) -> list[str]:
    """Run operations in threads; give their outcomes."""
    with ThreadPoolExecutor(len(operations)) as pool:
        return list(pool.map(name_outcome, operations))


def connect_as(user: str, sandbox: LivestormSandbox, client: LivestormClient) -> None:
    """Connect a user."""
    request = client.authorization_request(["identity:read"])
    client.connect(request, sandbox.authorize(request.url, user=user))


def read_workspace(client: LivestormClient) -> object:
    """Give the name of the workspace that `/me` tells."""
    attributes = client.me()["attributes"]
    assert isinstance(attributes, dict)
    return attributes["organization"]["name"]

"""Whatever stands in a file, or comes from an adapter, is read or refused with words."""

import json
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from livestorm_contract_tests.driving.messages import (
    BadMessage,
    Features,
    read_line,
    read_ready,
    read_reply,
)
from livestorm_contract_tests.runs.replay import ReplayError, load_replay
from livestorm_mock_server.scenario_files import ScenarioError, load_scenario

from . import amounts
from .raw_bytes import Change, changed, changes

SCENARIOS = sorted(
    one.read_bytes() for one in files("livestorm_scenarios").iterdir() if one.name.endswith(".toml")
)
EVERYTHING = b"\n".join(
    one for one in SCENARIOS if b"[[resources]]" in one or b"[[applications]]" in one
)
LONGEST_LINE = 2000

Record = Callable[[str, object], None]
Changes = list[tuple[Change, float, int, bytes]]

READY = {
    "type": "ready",
    "protocol": 1,
    "client": {"name": "a", "version": "1", "stack": ["b"]},
    "ops": ["configure", "call"],
    "features": {"refresh": "auto", "clock": True, "logs": ["stderr"], "redirect_uri": "a://b"},
}
RESULT = {
    "type": "result",
    "id": 7,
    "kind": "ok",
    "status": 200,
    "user": {"id": "a"},
    "results": [{"kind": "failed", "retry_after_s": 1.5}],
    "error": {"message": "a", "not_before_s": 3},
    "token": {"access_token": "a", "refresh_token": "b", "expires_at": 1.0e9},
}

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def with_members(message: dict[str, object], values: Sequence[object]) -> bytes:
    """Put the values in the place of some members."""
    names = list(message)[1:]
    odd = dict(zip(names, values, strict=False))
    return json.dumps(message | odd).encode()


def refusal_of(read: Callable[[], object], error: type[Exception]) -> str | None:
    """Give the words with which an input is refused, None where it is read."""
    try:
        read()
    except error as refusal:
        return str(refusal)
    return None


@amounts.inputs()
@given(source=st.sampled_from([*SCENARIOS, EVERYTHING]), changes=changes)
def check_scenario(folder: Path, source: bytes, changes: Changes) -> None:
    """Load a scenario file that was changed."""
    path = folder / "scenario.toml"
    path.write_bytes(changed(source, changes))
    told = refusal_of(lambda: load_scenario(path), ScenarioError)
    lines = [] if told is None else told.splitlines()
    assert told != ""
    assert all(one.startswith(str(path)) and len(one) < LONGEST_LINE for one in lines)


@amounts.inputs()
@given(values=st.lists(json_values, max_size=6), changes=st.one_of(st.just([]), changes))
def check_message(values: list[object], changes: Changes) -> None:
    """Read what an adapter might send."""
    ready = changed(with_members(READY, values), changes)
    result = changed(with_members(RESULT, values), changes)
    assert refusal_of(lambda: read_ready(read_line(ready)), BadMessage) != ""
    assert refusal_of(lambda: read_reply(read_line(result), Features()), BadMessage) != ""


@amounts.inputs()
@given(values=st.lists(json_values, max_size=6), changes=st.one_of(st.just([]), changes))
def check_replay(folder: Path, values: list[object], changes: Changes) -> None:
    """Load a replay file that was changed."""
    replay = {"replay": 1, "client": "a", "case": "C09", "seed": "1", "script": None, "checks": []}
    path = folder / "replay.json"
    path.write_bytes(changed(with_members(replay, values), changes))
    told = refusal_of(lambda: load_replay(path), ReplayError)
    assert told is None or told.startswith(str(path))


def test_scenario_files_are_read_or_refused(tmp_path: Path, record_property: Record) -> None:
    """Each refusal names the file and a place, and nothing else is raised."""
    check_scenario(tmp_path)
    record_property("scenario files", amounts.INPUTS)


def test_messages_of_adapters_are_read_or_refused(record_property: Record) -> None:
    """What fits no message is told as such."""
    check_message()
    record_property("pairs of messages of an adapter", amounts.INPUTS)


def test_replay_files_are_read_or_refused(tmp_path: Path, record_property: Record) -> None:
    """What is no replay is told as such."""
    check_replay(tmp_path)
    record_property("replay files", amounts.INPUTS)

"""`serve --state FILE` goes on from a file, and leaves one at its end."""

import os
import signal
import stat
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.cli import commands
from livestorm_mock_server.clock import VirtualClock
from livestorm_mock_server.snapshots.encoding import encode
from livestorm_mock_server.snapshots.file import StateFile, StateFileError
from livestorm_mock_server.snapshots.reading import read_document
from msgspec.structs import replace

from ..conftest import Start


def test_served_sandbox_goes_on_from_where_it_was(
    start: Start, http: httpx.Client, tmp_path: Path
) -> None:
    """Tokens and faults outlive the process, in a file that nobody else can read."""
    file = tmp_path / "state.json"
    arguments = ("--json", "--state", str(file), "--seed", "s", "--no-rate-limits")
    first = start(*arguments)
    urls = first.describes_itself()
    pair = http.post(f"{urls['control_url']}/tokens", json={}).json()
    http.post(f"{urls['control_url']}/faults", json={"on": "api", "fault": "html_page", "after": 1})
    first.process.send_signal(signal.SIGTERM)
    assert first.process.wait(10) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    second = start(*arguments)
    url = f"{second.describes_itself()['api_url']}/ping"
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    assert [http.get(url, headers=headers).status_code for _ in range(2)] == [200, 500]


@pytest.mark.parametrize("damage", [b"{", b'{"version": 2}'])
def test_damaged_file_is_refused_and_left_alone(tmp_path: Path, damage: bytes) -> None:
    """With the place of the damage; nothing is served, and nothing is written."""
    file = tmp_path / "state.json"
    file.write_bytes(damage)
    result = CliRunner().invoke(commands, ["serve", "--port", "0", "--state", str(file)])
    assert f"{file}: " in result.output
    assert file.read_bytes() == damage
    assert os.listdir(tmp_path) == ["state.json"]


def test_damaged_file_ends_serve_with_3(start: Start, tmp_path: Path) -> None:
    """As wrong usage does."""
    file = tmp_path / "state.json"
    file.write_text("[]")
    served = start("--state", str(file))
    _, errors = served.process.communicate(timeout=20)
    assert served.process.returncode == 3
    assert errors == f"livestorm-mock: {file}: the state is []; expected a JSON object\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--store", "redis://127.0.0.1"], "--state with --store: what is on the store stays"),
        ([], "no/state.json: can't be written: there is no such folder"),
    ],
)
def test_what_can_t_be_kept_is_refused(tmp_path: Path, arguments: list[str], told: str) -> None:
    """Before anything is served, rather than at the end."""
    file = tmp_path / "no" / "state.json"
    result = CliRunner().invoke(commands, ["serve", "--state", str(file), *arguments])
    assert told in result.output


def test_options_that_a_state_has_itself_are_named(
    start: Start, livestorm: LivestormSandbox, tmp_path: Path
) -> None:
    """Whoever asks for another scenario beside a file is told that the file decides."""
    file = tmp_path / "state.json"
    file.write_bytes(encode(livestorm.state()))
    served = start("--state", str(file), "--scenario", "rate_limited", "--auto-approve")
    assert "Livestorm, faked" in served.line()
    served.process.send_signal(signal.SIGTERM)
    _, errors = served.process.communicate(timeout=20)
    told = "has a scenario and options of its own, so this has no effect:"
    assert f"{file} {told} --scenario, --auto-approve\n" in errors


def test_file_that_can_t_be_written_keeps_what_it_has(
    livestorm: LivestormSandbox, tmp_path: Path
) -> None:
    """The old state is there until the new one is whole."""
    snapshot = read_document(livestorm.state(), VirtualClock())
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "state.json").mkdir()
    with pytest.raises(StateFileError, match="can't be written"):
        StateFile(folder / "state.json", None).write(snapshot)
    assert os.listdir(folder) == ["state.json"]


def test_state_that_can_t_be_kept_at_the_end_is_told(start: Start, tmp_path: Path) -> None:
    """In a line, with an exit status of its own."""
    folder = tmp_path / "folder"
    folder.mkdir()
    served = start("--quiet", "--state", str(folder / "state.json"))
    assert "Livestorm, faked" in served.line()
    folder.rmdir()
    served.process.send_signal(signal.SIGTERM)
    _, errors = served.process.communicate(timeout=20)
    told = f"{folder}/state.json: can't be written: No such file or directory"
    assert (served.process.returncode, errors) == (3, f"livestorm-mock: {told}\n")


def nested() -> list[object]:
    """Give lists in one another, more than can be written."""
    lists: list[object] = []
    for _ in range(5_000):
        lists = [lists]
    return lists


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (nested(), "in one another'; expected fewer"),
        (object(), "JSON can't hold it: "),
    ],
    ids=["deep", "odd"],
)
def test_state_that_is_no_document_leaves_the_file_alone(
    livestorm: LivestormSandbox, tmp_path: Path, value: object, told: str
) -> None:
    """And is told in a line."""
    file = tmp_path / "state.json"
    file.write_text("old")
    snapshot = replace(
        read_document(livestorm.state(), VirtualClock()),
        collections={"items": {"events": [{"id": "x", "attributes": {"title": value}}]}},
    )
    with pytest.raises(StateFileError, match=f"can't be written: .*{told}"):
        StateFile(file, None).write(snapshot)
    assert {one.name: one.read_text() for one in tmp_path.iterdir()} == {"state.json": "old"}


def test_link_to_a_file_stays_one(livestorm: LivestormSandbox, tmp_path: Path) -> None:
    """The file to which it leads is replaced."""
    file, link = tmp_path / "state.json", tmp_path / "link.json"
    file.write_text("old")
    link.symlink_to(file)
    snapshot = read_document(livestorm.state(), VirtualClock())
    StateFile(link, None).write(snapshot)
    assert link.is_symlink()
    assert StateFile.read(file).snapshot == snapshot

"""The reference client, and right ones of other designs, pass the whole suite under `--strict`.

The others share nothing with it and with the model client, are in other languages, and use standard
libraries only. Each case is put to the reference client, and to one of the others; with `ALL=1` to
all.
"""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from livestorm_contract_tests.runs.catalogue import all_cases_and_properties

from .programs import build_go, need_program
from .some_cases import ALL, some_of

FOLDER = Path(__file__).parent / "right_clients"
LAUNCH = "from livestorm_mock_server.cli import main; main()"
SECONDS = 600


def reference(folder: Path) -> str:
    """Name the client that comes with the suite."""
    del folder
    return "reference"


def command_of_go(folder: Path) -> str:
    """Build the client that goes by 401s only."""
    return build_go(sorted((FOLDER / "go").glob("*.go")), folder / "right-go")


def command_of_node(folder: Path) -> str:
    """Run the client that refreshes on command, and paces itself."""
    return f"{need_program('node')} {FOLDER / 'node/adapter.mjs'}"


def command_of_ruby(folder: Path) -> str:
    """Run the client that refreshes by itself, under the lock of a file store."""
    return f"{need_program('ruby')} {FOLDER / 'ruby/adapter.rb'}"


CLIENTS: Mapping[str, Callable[[Path], str]] = {
    "reference": reference,
    "go": command_of_go,
    "node": command_of_node,
    "ruby": command_of_ruby,
}


def cases_of(client: str) -> Sequence[str]:
    """Give the cases and properties that a client is put to; none stands for all."""
    if ALL or client == "reference":
        return ()
    others = [one for one in CLIENTS if one != "reference"]
    return some_of(list(all_cases_and_properties()), others.index(client), of=len(others))


@pytest.mark.long
@pytest.mark.parametrize("client", CLIENTS)
def test_right_client_passes(client: str, tmp_path: Path) -> None:
    """Not one false alarm: what such a client does not offer is skipped, all else passes."""
    cases = [word for one in cases_of(client) for word in ("--case", one)]
    command = CLIENTS[client](tmp_path)
    options = ["--client", command, *cases, "--strict", "--seed", "right"]
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH, "check", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_right_client_is_tested() -> None:
    """No client lies about untried, and no case is put to none but the reference client."""
    folders = {folder.name for folder in FOLDER.iterdir() if folder.is_dir()}
    assert {"reference", *folders} == set(CLIENTS)
    put = {case for client in folders for case in cases_of(client)}
    assert ALL or put == set(all_cases_and_properties())

"""Right clients of other designs, in other languages, pass the whole suite under `--strict`.

They share nothing with the reference client and the model client, and use standard libraries only.
"""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from .programs import build_go, need_program

CLIENTS = Path(__file__).parent / "right_clients"
LAUNCH = "from livestorm_mock_server.cli import main; main()"
SECONDS = 600


def command_of_go(folder: Path) -> str:
    """Build the client that goes by 401s only."""
    return build_go(sorted((CLIENTS / "go").glob("*.go")), folder / "right-go")


def command_of_node(folder: Path) -> str:
    """Run the client that refreshes on command, and paces itself."""
    return f"{need_program('node')} {CLIENTS / 'node/adapter.mjs'}"


def command_of_ruby(folder: Path) -> str:
    """Run the client that refreshes by itself, under the lock of a file store."""
    return f"{need_program('ruby')} {CLIENTS / 'ruby/adapter.rb'}"


COMMANDS: Mapping[str, Callable[[Path], str]] = {
    "go": command_of_go,
    "node": command_of_node,
    "ruby": command_of_ruby,
}


@pytest.mark.parametrize("language", COMMANDS)
def test_right_client_passes(language: str, tmp_path: Path) -> None:
    """Not one false alarm: what such a client does not offer is skipped, all else passes."""
    options = ["--client", COMMANDS[language](tmp_path), "--strict", "--seed", "right"]
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
    """No client lies about untried."""
    assert {folder.name for folder in CLIENTS.iterdir() if folder.is_dir()} == set(COMMANDS)

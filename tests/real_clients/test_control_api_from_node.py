"""A suite in JavaScript steers the fake over HTTP only."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from .node_packages import FOLDER

MAIN = "from livestorm_mock_server.cli import main; main()"


@pytest.fixture
def served() -> Iterator[dict[str, Any]]:
    """Start `livestorm-mock serve`; give what it prints."""
    command = [sys.executable, "-c", MAIN, "serve", "--port", "0", "--json"]
    with subprocess.Popen(
        [*command, "--exit-with-parent"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield dict(json.loads(process.stdout.readline()))
        process.terminate()
        process.stdout.read()
        assert process.wait(15) == 0


def test_node_suite_passes(node: str, served: dict[str, Any]) -> None:
    """Faults, clock, journal, audit, shortcuts and sandboxes do what they should."""
    ran = subprocess.run(
        [node, "--test", "--test-reporter=tap", "control_api.test.mjs"],
        cwd=FOLDER,
        env=os.environ | {"LIVESTORM_MOCK": json.dumps(served)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "\n# fail 0\n" in ran.stdout
    assert "\n# pass 0\n" not in ran.stdout

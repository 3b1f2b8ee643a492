"""From a clone to the first green test, by the commands of the tutorials."""

import re
from pathlib import Path

import pytest

from ..contract_tests.programs import need_program
from .first import PAGES, commands
from .ways import Machine, skip_without_network

PIP = re.compile(r"python3 -m venv \.venv && \.venv/bin/pip install")
UV = "uv venv --quiet .venv && VIRTUAL_ENV=.venv uv pip install"
"""What does the same in a tenth of the time; `make first` does it as it stands."""
PASSED = {"Python": "3 passed", "Node": "# pass 3"}


@pytest.mark.long
@pytest.mark.parametrize("language", PAGES)
def test_three_commands_lead_to_a_green_test(language: str, tmp_path: Path) -> None:
    """On a machine that has Python, git and, for Node, Node."""
    machine, shown = Machine(tmp_path), ""
    need_program("git")
    need_program("node" if language == "Node" else "python3")
    lines = commands(PAGES[language])
    assert len(lines) <= 3
    for line in lines:
        assert PIP.search(line) or "pip" not in line
        done = machine.run(PIP.sub(UV, machine.here(line)))
        skip_without_network(done)
        assert done.returncode == 0, done.stdout
        shown = done.stdout
    assert PASSED[language] in shown

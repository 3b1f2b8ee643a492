"""The templates are ready to copy: each passes a case of the real suite as it stands."""

import shlex
import shutil
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from livestorm_contract_tests.driving.stdio import StdioCarrier
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.jobs import run_cases
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict

from ...real_clients.node_packages import FOLDER as NODE_FOLDER
from ...real_clients.node_packages import NodeMissingError, install_packages
from ..programs import build_go, leave_out, need_program

TEMPLATES = Path(str(files("livestorm_contract_tests.adapters"))) / "templates"
NEEDED = {
    "adapter.py": (sys.executable,),
    "adapter.rb": ("ruby",),
    "adapter.sh": ("bash", "curl", "jq"),
    "adapter.go": ("go",),
    "fetch.mjs": ("node",),
    "axios.mjs": ("node",),
}
"""The programs that a template needs; the first one runs it."""


@pytest.mark.parametrize("name", NEEDED)
def test_template_is_short(name: str) -> None:
    """Whoever copies it has at most 60 lines to read."""
    assert len((TEMPLATES / name).read_text(encoding="utf-8").splitlines()) <= 60


def test_each_template_is_tested() -> None:
    """No template lies about untried."""
    assert {file.name for file in TEMPLATES.iterdir() if file.is_file()} == set(NEEDED)


@pytest.mark.parametrize("name", NEEDED)
def test_template_passes(name: str, tmp_path: Path) -> None:
    """A copy of it, as a process of its own, takes a JSON:API error for what it is."""
    command = command_of(name, Path(shutil.copy(TEMPLATES / name, tmp_path)))
    settings = Settings(seed="1", workers=1)
    _, results = run_cases([all_cases()["C09"]], lambda: StdioCarrier(command), settings)
    assert [result.verdict for result in results] == [Verdict.PASS], shlex.join(command)


def command_of(name: str, copy: Path) -> list[str]:
    """Give the command that runs a copy of a template, with all that it needs beside it."""
    program, *_ = [need_program(one) for one in NEEDED[name]]
    if copy.suffix == ".go":
        return [build_go([copy], copy.with_suffix(""))]
    if name == "axios.mjs":
        link_packages(copy.parent)
    return [program, str(copy)]


def link_packages(folder: Path) -> None:
    """Put the packages from npm beside a template."""
    try:
        install_packages()
    except NodeMissingError as error:
        leave_out(str(error))
    (folder / "node_modules").symlink_to(NODE_FOLDER / "node_modules")

"""The collections for API tools run against the fake, by the tools' own commands."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from livestorm_mock_server import MockLivestorm
from livestorm_mock_server.control_access import ControlAccess

from tests.contract_tests.programs import leave_out
from tests.pages.api_steps import STEPS
from tests.pages.bruno import ENVIRONMENT, names
from tests.pages.postman import STORY

from .node_packages import NodeMissingError, install_packages

FOLDER = Path(__file__).parent / "api_tools"
CLIENTS = Path(__file__).parents[2] / "clients"
POSTMAN = CLIENTS / "postman" / "livestorm-mock.postman_collection.json"
SECONDS = 60
"""How long a run may take."""
TOOLS: dict[str, tuple[Path, list[str]]] = {
    "newman": (CLIENTS, ["newman", "run", str(POSTMAN), "--folder", STORY]),
    "bruno": (CLIENTS / "bruno", ["bru", "run", "--env", ENVIRONMENT]),
}

Run = Callable[[str, MockLivestorm, str], "subprocess.CompletedProcess[str]"]


@pytest.fixture(params=["", "a-control-token"], ids=["open", "guarded"])
def livestorm(request: pytest.FixtureRequest) -> Iterator[MockLivestorm]:
    """The fake as the collections expect it, but for where it is, and for a control token."""
    access = ControlAccess.for_server("127.0.0.1", token=request.param or None)
    with MockLivestorm(access=access) as livestorm:
        yield livestorm


@pytest.fixture(scope="module")
def run() -> Run:
    """Run a tool; without npm the test is skipped."""
    try:
        install_packages(FOLDER)
    except NodeMissingError as error:
        leave_out(str(error))

    def run(tool: str, livestorm: MockLivestorm, token: str) -> "subprocess.CompletedProcess[str]":
        folder, (program, *arguments) = TOOLS[tool]
        command = [
            *(str(FOLDER / "node_modules" / ".bin" / program), *arguments),
            *("--env-var", f"app_url={livestorm.app_url}"),
            *("--env-var", f"control_url={livestorm.control_url}"),
            *(("--env-var", f"control_token={token}") if token else ()),
        ]
        environment = os.environ | {"NO_COLOR": "1", "NO_PROXY": "127.0.0.1"}
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS
        )

    return run


@pytest.mark.long
@pytest.mark.parametrize("tool", TOOLS)
def test_collection_runs_from_nothing_to_a_fault(
    run: Run, livestorm: MockLivestorm, request: pytest.FixtureRequest, tool: str
) -> None:
    """Without a browser; each step is answered as it says, in its turn."""
    done = run(tool, livestorm, request.node.callspec.params["livestorm"])
    assert done.returncode == 0, done.stdout + done.stderr
    entries = livestorm.journal.entries(endpoint="api.me")
    answers = [one.response.status for one in entries if one.response]
    assert answers == [one.expected for one in STEPS if one.operation == "showMe"]


@pytest.mark.parametrize("tool", TOOLS)
def test_collection_that_is_answered_otherwise_fails(run: Run, tool: str) -> None:
    """So that a green run means something."""
    with MockLivestorm(skip_controllers=["token_info"]) as livestorm:
        assert run(tool, livestorm, "").returncode != 0


def test_folder_of_bruno_has_nothing_else() -> None:
    """Each file is made; what is left of a step that is no more is seen."""
    folder = CLIENTS / "bruno"
    found = {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}
    assert found == set(names())

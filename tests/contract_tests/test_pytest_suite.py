"""The suite inside a pytest of its own."""

import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = str(Path(__file__).parents[2])

SUITE = """
import sys
sys.path.insert(0, {root!r})
from tests.contract_tests.bites.c09 import SendsTheCodeAgain
from tests.contract_tests.model_client.client import ModelClient
from livestorm_contract_tests.pytest_suite import ContractSuite

class TestGood(ContractSuite):
    def make_adapter(self):
        return ModelClient()

class TestBad(ContractSuite):
    def make_adapter(self):
        return ModelClient(SendsTheCodeAgain)

class TestKnown(TestBad):
    baseline = "known.yaml"
"""


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run the suites with our plugin and with xdist only, as others take seconds to start."""
    pytester.makepyfile(SUITE.format(root=ROOT))
    pytester.makepyprojecttoml("[tool.pytest]\nstrict = true\n")
    (pytester.path / "known.yaml").write_text(
        'expected_failures: [{id: "C09:code-once", reason: known}]', encoding="utf-8"
    )
    plugins = ["-p", "livestorm_mock_server.pytest_plugin", "-p", "xdist"]
    return pytester.run(sys.executable, "-m", "pytest", *plugins, *arguments, timeout=120)


@pytest.fixture(autouse=True)
def without_other_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load no plugin that is not named."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def test_suite_has_a_test_for_each_case(pytester: pytest.Pytester) -> None:
    """`-k C09` passes, fails with what was said, and is expected to fail, a test each."""
    done = run(pytester, "-k", "C09")
    done.assert_outcomes(
        passed=1, failed=1, xfailed=1, deselected=done.parseoutcomes()["deselected"]
    )
    done.stdout.fnmatch_lines(["*FAIL C09 exchange/jsonapi-error", "*C09:code-once*", "*said*"])


def test_profile_is_a_marker(pytester: pytest.Pytester) -> None:
    """`-m "livestorm_case(profile='core')"` collects C09."""
    done = run(pytester, "--collect-only", "-q", "-m", "livestorm_case(profile='core')")
    done.stdout.fnmatch_lines(["*TestGood::test_case?C09-exchange/jsonapi-error?"])


def test_suite_runs_in_parallel(pytester: pytest.Pytester) -> None:
    """Two workers that run C09 at once both see it pass."""
    done = run(pytester, "-k", "C09 and TestGood", "-n", "2", "--dist", "each")
    assert done.parseoutcomes()["passed"] == 2

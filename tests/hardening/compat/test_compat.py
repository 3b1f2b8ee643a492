"""What `make compat` finds, runs and says."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from . import __main__, interpreters, row
from .conditions import SELECTION, Condition, conditions
from .environments import ROOT, CannotInstall, Environment
from .places import HERE, READ_ONLY, AsNobody, Namespace

TELLS = "#!/bin/sh\necho {version}\n"
GOOD = "...\n1746 passed, 2 skipped in 3.21s\n"
BAD = "..F\nFAILED tests/a.py::test_b - assert 1 == 2\n1 failed, 7 passed in 0.10s\n"


def write_python(path: Path, version: str) -> Path:
    """Write a program that says that it is this version of Python."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TELLS.format(version=version), encoding="utf-8")
    path.chmod(0o755)
    return path


def test_python_on_the_path_is_preferred(tmp_path: Path) -> None:
    """One that pyenv has is taken where the path has none, the newest patch first."""
    on_path = write_python(tmp_path / "bin/python3.11", "3.11")
    write_python(tmp_path / "pyenv/versions/3.11.7/bin/python", "3.11")
    write_python(tmp_path / "pyenv/versions/3.13.9/bin/python", "3.13")
    newest = write_python(tmp_path / "pyenv/versions/3.13.10/bin/python", "3.13")
    found = interpreters.found(str(tmp_path / "bin"), tmp_path / "pyenv")
    assert found == {"3.11": on_path, "3.13": newest}


def test_program_of_another_version_is_none(tmp_path: Path) -> None:
    """A shim that leads nowhere, or elsewhere, is no Python."""
    write_python(tmp_path / "bin/python3.12", "3.11")
    assert interpreters.found(str(tmp_path / "bin"), tmp_path) == {}


def test_python_that_is_missing_has_a_row() -> None:
    """What can't be tried is in the table."""
    table = conditions({"3.12": Path("python3.12")}, {})
    told = {one.name: one.environment for one in table if isinstance(one.environment, str)}
    assert told["Python 3.11"] == "this machine does not have it"
    assert "Python 3.12" not in told


def test_conditions_have_names_of_their_own() -> None:
    """Each can be chosen, and has its own line among the figures."""
    names = [one.name for one in conditions(dict.fromkeys(["3.11", "3.13"], Path("python")), {})]
    assert len(names) == len(set(names))


def test_rows_that_were_not_tried_stay() -> None:
    """But for those of other tests, and of conditions that there are no more."""
    names = ["a", "b", "c"]
    bad, good = (row.read("b", status, text, "") for status, text in ((1, BAD), (0, GOOD)))
    first = __main__.figures_of({"tests": "all", "a": "old"}, "a selection", [bad], names)
    assert first == {"tests": "a selection", "b": bad.told}
    kept = {"on": "2026-01-01", **first, "gone": "old", "c": "old"}
    assert __main__.figures_of(kept, "a selection", [good], names) == {
        "tests": "a selection",
        "b": good.told,
        "c": "old",
    }


@pytest.mark.parametrize("path", SELECTION)
def test_selected_tests_are_there(path: str) -> None:
    """No part of the selection has been moved away."""
    assert (ROOT / path).exists()


def test_counts_of_a_good_run() -> None:
    """All three counts are told."""
    read = row.read("a", 0, GOOD, "")
    assert (read.told, read.is_good) == ("1,746 passed, 0 failed, 2 skipped", True)


def test_counts_of_a_bad_run() -> None:
    """A failed test fails the row, and is named."""
    read = row.read("a", 1, BAD, "")
    assert (read.told, read.is_good) == ("7 passed, 1 failed, 0 skipped", False)
    assert read.failures == ("FAILED tests/a.py::test_b - assert 1 == 2",)


@pytest.mark.parametrize(("status", "output"), [(0, "no tests ran in 0.1s\n"), (3, ""), (5, GOOD)])
def test_run_without_passed_tests_has_failed(status: int, output: str) -> None:
    """No test, no counts or another exit status is no success."""
    read = row.read("a", status, output, "Traceback\nOSError: no space\n")
    assert (read.told, read.is_good) == (f"pytest ended with {status}: OSError: no space", False)


class Nowhere:
    """A place that this machine does not have."""

    def lack(self, python: Path) -> str | None:
        """Say so."""
        return "there is none"

    def lead(self, command: Sequence[str], folder: Path) -> list[str]:
        """Never asked."""
        raise AssertionError


def test_place_that_is_lacking_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The row stays, with the reason, and fails nothing."""
    monkeypatch.setattr(Environment, "make", lambda environment: Path(sys.executable))
    usual = Environment(python=Path(sys.executable), name="lacking")
    tried = row.try_out(Condition(name="x", environment=usual, place=Nowhere()), (), workers=1)
    assert (tried.told, tried.is_tried) == ("not tried: there is none", False)
    assert __main__.summed_up([tried]) == 0


def test_versions_that_cannot_be_had_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lower bound without a wheel is a wrong one."""

    def fail(environment: Environment) -> Path:
        raise CannotInstall("no wheel")

    monkeypatch.setattr(Environment, "make", fail)
    lowest = Environment(python=Path(sys.executable), name="none", lowest=True)
    tried = row.try_out(Condition(name="x", environment=lowest), (), workers=1)
    assert (tried.name, tried.told) == ("x", "can't be installed: no wheel")
    assert __main__.summed_up([tried]) == 1


def test_unknown_condition_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that none has gets the list of all."""
    assert __main__.main(["--only", "on the moon"]) == 2
    assert "without uvloop" in capsys.readouterr().err


def test_namespaces_need_unshare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where there is no such program, it says so."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert READ_ONLY.lack(Path(sys.executable)) == "there is no unshare"


def test_namespace_gets_its_folder() -> None:
    """What is prepared knows where the tests may write; the command comes last."""
    led = Namespace("--mount", prepare="mount FOLDER").lead(["python", "-c", "a b"], Path("/x y"))
    assert led == ["unshare", "--mount", "sh", "-ec", "mount '/x y'\nexec python -c 'a b'"]


def test_whoever_is_not_root_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The condition holds there already."""
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    nobody = AsNobody()
    assert nobody.lack(Path(sys.executable)) is None
    assert nobody.lead(["python"], tmp_path) == HERE.lead(["python"], tmp_path)

"""The scoreboard of real libraries."""

import importlib.util
import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from clients import baselines, protocol

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "contract_tests/clients"
LIBRARIES = sorted(file.parent.name for file in CLIENTS.glob("*/adapter.*"))


PINNED_BY = {
    "package.json": r'"{}": "([\d.]+)"',
    "requirements.txt": r"(?m)^{}==([\d.]+)",
    "go.mod": r"{} v([\d.]+)",
    "packages.txt": r"(?m)^{}=([\d.]+)",
    "pom.xml": r"{}</artifactId>\s*<version>([\d.]+)",
}
"""Where a library's version stands, by the file that pins it."""

NAMES = {
    "authlib-httpx2": "authlib",
    "golang-oauth2": "golang.org/x/oauth2",
    "scribejava": "scribejava-core",
}
"""What is pinned, where the folder has another name."""


class Odd(protocol.LibraryAdapter):
    """A library that holds whatever it was given."""

    ops = ("seed", "state")


@pytest.mark.parametrize(("name", "odd"), [("expires_at", "soon"), ("access_token", 7)])
def test_what_a_library_holds_is_told_as_it_is(name: str, odd: object) -> None:
    """A value of a wrong type is for the suite to judge, not for the adapter to drop."""
    adapter = Odd()
    token = {"access_token": "a", "refresh_token": "r", "expires_at": 7, name: odd}
    adapter.command({"type": "command", "op": "seed", "token": token})
    told = adapter.command({"type": "command", "op": "state"})
    assert (told["token"][name], told["needs_reauth"]) == (odd, False)


@pytest.fixture(scope="module")
def scoreboard() -> ModuleType:
    """The script, as a module."""
    spec = importlib.util.spec_from_file_location("scoreboard", CLIENTS / "scoreboard.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def case(name: str, verdict: str, *checks: Mapping[str, object]) -> dict[str, object]:
    """Make the result of a case."""
    return {
        "case": name,
        "name": "exchange/x",
        "verdict": verdict,
        "requirement": "required",
        "checks": checks,
    }


def results() -> dict[str, Any]:
    """Make the results of a client: one case passed, one failed, one hung, one was not put."""
    score = {"passed": 1, "judged": 3, "total": 4}
    failed = {
        "check": "C10:kind",
        "verdict": "FAIL",
        "requirement": "is a failure",
        "evidence": {"found": "reported as ok"},
    }
    good = {**failed, "check": "C10:store", "verdict": "PASS", "evidence": {}}
    cases = [
        case("C09", "PASS", good),
        case("C10", "FAIL", failed, good),
        case("G03", "HANG"),
        case("J01", "SKIP"),
    ]
    return {"client": {"version": "1.2"}, "profiles": {"core": score}, "cases": cases}


def test_page_has_the_counts(scoreboard: ModuleType) -> None:
    """A row tells what passed of what was judged, and how much was not supported."""
    page = scoreboard.page({"authlib": results()})
    assert "| [authlib](../contract_tests/clients/authlib) 1.2 | 1/3 of 4 | 1 |" in page


def test_page_tells_what_failed_only(scoreboard: ModuleType) -> None:
    """Cases and checks that did not pass are told, with what was found."""
    told = [line for line in scoreboard.failures("authlib", results()).splitlines() if "**" in line]
    assert [re.findall(r"\*\*(\w+)\*\*", line) for line in told] == [["C10"], ["G03"]]
    assert "C10:kind FAIL: is a failure (reported as ok)" in scoreboard.failures(
        "authlib", results()
    )


def pinned(library: str) -> str:
    """Give the version that a library is pinned to."""
    (pins,) = [one for one in (CLIENTS / library).iterdir() if one.name in PINNED_BY]
    found = re.search(
        PINNED_BY[pins.name].format(NAMES.get(library, library)), pins.read_text(encoding="utf-8")
    )
    assert found is not None, f"{pins}: {library} is not pinned"
    return found[1]


@pytest.mark.parametrize("library", LIBRARIES)
def test_committed_table_has_the_pinned_version(library: str) -> None:
    """A library that was pinned anew without a new run makes the table stale."""
    page = (ROOT / "docs/scoreboard.md").read_text(encoding="utf-8")
    row = f"| [{library}](../contract_tests/clients/{library}) {pinned(library)} |"
    assert row in page, "docs/scoreboard.md is stale: run make scoreboard"
    assert f"## {library}\n" in page


def test_client_whose_baseline_does_not_hold_is_told_with_its_checks(tmp_path: Path) -> None:
    """Which case failed in its light, why, and by what."""
    stale = {
        "case": "D07",
        "verdict": "XPASS",
        "reason": "stale",
        "checks": [
            {"check": "D07:kind", "verdict": "XPASS"},
            {"check": "D07:recovers", "verdict": "PASS"},
        ],
    }
    report = tmp_path / "report.json"
    report.write_text(json.dumps({"cases": [stale, case("C09", "XFAIL")]}), encoding="utf-8")
    assert list(baselines.what_failed(report)) == ["D07 XPASS (stale): D07:kind XPASS"]
    assert list(baselines.what_failed(tmp_path / "none.json")) == []


def test_client_that_did_not_start_is_told_in_a_line(tmp_path: Path) -> None:
    """Instead of one for each case."""
    report = tmp_path / "report.json"
    cases = [{"case": "D07", "verdict": "ERROR", "reason": "not ready", "checks": []}] * 100
    report.write_text(json.dumps({"unfinished": "not ready", "cases": cases}), encoding="utf-8")
    assert list(baselines.what_failed(report)) == ["not ready"]

"""The workflows for GitHub: safe as far as can be told, and calling what there is."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from .ways import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v[\d.]+")


def loaded(path: Path) -> dict[str, Any]:
    """Read a workflow."""
    found: dict[str, Any] = YAML(typ="safe").load(path)
    return found


def steps(path: Path) -> Iterator[dict[str, Any]]:
    """Give the steps of all jobs."""
    for job in loaded(path)["jobs"].values():
        yield from job["steps"]


def test_zizmor_finds_nothing() -> None:
    """Neither in the workflows nor in the action (https://docs.zizmor.sh)."""
    zizmor = str(Path(sys.executable).with_name("zizmor"))
    options = ["--offline", "--no-progress", "--quiet", "--persona", "auditor"]
    command = [zizmor, *options, ".github", "action.yml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", [*WORKFLOWS, ROOT / "action.yml"], ids=lambda one: one.name)
def test_each_action_is_pinned_by_its_hash(path: Path) -> None:
    """With the version that it is of beside it, for who reads."""
    used = re.findall(r"uses: (.+)", path.read_text(encoding="utf-8"))
    assert used
    assert [one for one in used if not PINNED.fullmatch(one)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda one: one.name)
def test_workflow_may_do_nothing_but_what_a_job_needs(path: Path) -> None:
    """Nothing by default; each job says what it may do, and how long."""
    workflow = loaded(path)
    assert workflow["permissions"] == {}
    assert all(
        "permissions" in job and "timeout-minutes" in job for job in workflow["jobs"].values()
    )


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda one: one.name)
def test_workflow_calls_targets_that_there_are(path: Path) -> None:
    """Of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    called = {
        one for step in steps(path) for one in re.findall(r"make ([a-z-]+)", step.get("run", ""))
    }
    assert [one for one in called if f"\n{one}: " not in makefile] == []


def test_only_who_publishes_may_say_who_it_is() -> None:
    """And no secret is stored for it: it is trusted by its name."""
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    assert "secrets." not in text
    jobs = loaded(ROOT / ".github" / "workflows" / "release.yml")["jobs"]
    publishing = {name for name, job in jobs.items() if "environment" in job}
    assert publishing == {"python", "node"}
    assert all("contents" not in jobs[name]["permissions"] for name in publishing)

"""The lock file of the development's dependencies."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", LOCK, re.MULTILINE))
DIRECT = [
    Requirement(line)
    for lines in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    for line in lines
    if not line.startswith(PROJECT["name"])
]


@pytest.mark.parametrize("requirement", DIRECT, ids=lambda one: one.name)
def test_dependency_is_locked(requirement: Requirement) -> None:
    """What pyproject.toml asks for is in the lock, in a version that it allows."""
    pin = PINS.get(canonicalize_name(requirement.name))
    assert pin is not None, "run: make lock"
    assert requirement.specifier.contains(pin, prereleases=True), "run: make lock"


def test_each_version_has_hashes() -> None:
    """No file is installed that is not one of those that were locked."""
    blocks = re.split(r"^(?=\S)", LOCK, flags=re.MULTILINE)
    bare = [block for block in blocks if "==" in block and "--hash=sha256:" not in block]
    assert bare == []


def test_lock_names_no_host() -> None:
    """Where the files come from is the business of whoever installs them."""
    assert "://" not in LOCK
    assert "index-url" not in LOCK


@pytest.mark.parametrize("requirement", DIRECT, ids=lambda one: one.name)
def test_dependency_has_a_floor(requirement: Requirement) -> None:
    """Each has the lowest version that it works with, and no other bound."""
    assert [one.operator for one in requirement.specifier] == [">="]

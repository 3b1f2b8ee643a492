"""Everything that a user can name is documented: what is new is missed here, not by a reader."""

import inspect
import re
from collections.abc import Iterable
from pathlib import Path

import click
import livestorm_client
import livestorm_mock_server
import msgspec
import pytest
from livestorm_contract_tests.check_command import NOT_WRITTEN
from livestorm_contract_tests.properties.properties import PROPERTIES
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.suite.verdicts import Verdict
from livestorm_mock_server.arming.kinds import KINDS
from livestorm_mock_server.cli import WRONG_USAGE
from livestorm_mock_server.control.app import OPERATIONS
from livestorm_mock_server.control.openapi import describe
from livestorm_mock_server.labels import all_labels
from livestorm_mock_server.running.launcher import NOT_EXECUTABLE, NOT_FOUND
from livestorm_mock_server.running.outcome import FOUND, NOT_REACHED
from livestorm_mock_server.scenario_files import read_scenario, scenario_names

from .commands import every_command, options
from .made import ROOT
from .python_api import KEYS, REACHED, members
from .scenario_keys import EXAMPLE, examples, heading_of, tables

COMMANDS = dict(every_command())
CLASSES = [
    getattr(package, name)
    for package in (livestorm_mock_server, livestorm_client)
    for name in package.__all__
    if inspect.isclass(getattr(package, name))
]


def page(name: str) -> str:
    """Give a page of the documentation."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def missing(names: Iterable[str], name: str, written: str = "`{}`") -> list[str]:
    """Give the names that a page does not have, written like this."""
    text = page(name)
    return [one for one in names if written.format(one) not in text]


@pytest.mark.parametrize("path", COMMANDS)
def test_command_is_documented_with_each_option(path: str) -> None:
    """Each has a section and a help text; each option a name and a meaning."""
    command = COMMANDS[path]
    assert command.help
    assert missing([path], "commands.md", "\n## {}\n") == []
    section = page("commands.md").partition(f"\n## {path}\n")[2].partition("\n## ")[0]
    asked = [name for option in options(command) for name in option.opts]
    assert [name for name in asked if f"`{name}`" not in section] == []
    assert [one.name for one in options(command) if not one.help] == []
    # A hidden one would be told by nobody.
    assert [
        one.name for one in command.params if isinstance(one, click.Option) and one.hidden
    ] == []


@pytest.mark.parametrize(
    "row",
    [
        f"| all | {WRONG_USAGE} |",
        f"| `run` | {NOT_REACHED} |",
        f"| `run` | {FOUND} |",
        f"also {NOT_FOUND} where there is no such command, {NOT_EXECUTABLE} where",
    ],
)
def test_exit_statuses_are_those_of_the_code(row: str) -> None:
    """A status has one number everywhere."""
    assert row in page("commands.md")
    assert NOT_WRITTEN == WRONG_USAGE


def test_each_fault_scenario_and_label_is_documented() -> None:
    """By the name that a file, a test or a request calls it by."""
    assert missing(KINDS, "faults.md", "\n### `{}`\n") == []
    assert missing(scenario_names(), "scenarios.md", "\n| `{}` |") == []
    assert missing(all_labels(()), "faults.md", "\n| `{}` |") == []


def test_each_case_verdict_and_operation_is_documented() -> None:
    """By its id, its name, or its verb and path."""
    properties = [one.case.id for one in PROPERTIES.values()]
    assert missing([*all_cases(), *properties], "cases.md", "\n| {} ") == []
    assert missing(Verdict, "report.md", "\n| {} |") == []
    paths = describe(OPERATIONS)["paths"]
    assert isinstance(paths, dict)
    asked = [f"{verb.upper()} {path}" for path, verbs in paths.items() for verb in verbs]
    assert missing(asked, "control-api.md", "\n| `{}` |") == []


@pytest.mark.parametrize("heading", tables())
def test_key_of_a_scenario_file_has_a_meaning_and_an_example(heading: str) -> None:
    """A docstring below the field, and a line in tests/pages/every_key.toml."""
    title = f"## `{heading}`" if heading else "## At the top"
    section = page("scenario-file.md").partition(f"\n{title}\n")[2].partition("\n## ")[0]
    fields = msgspec.structs.fields(tables()[heading])
    assert [row for row in section.splitlines() if row.endswith("|  |")] == []
    assert [one.name for one in fields if f"\n| `{one.name}` |" not in section] == []
    path = heading.strip("[]")
    values = [one.name for one in fields if not heading_of(f"{path}.{one.name}", one.type)]
    shown = {*examples().get(heading, {}), "faults"}
    assert [one for one in values if one not in shown] == []


def test_examples_of_keys_make_a_scenario(tmp_path: Path) -> None:
    """All of them in one file are valid, together."""
    (tmp_path / "sessions.json").write_text("[]", encoding="utf-8")
    assert read_scenario(EXAMPLE.read_text(encoding="utf-8"), EXAMPLE.name, tmp_path)


@pytest.mark.parametrize("owner", CLASSES, ids=lambda one: one.__name__)
def test_public_class_is_documented_with_each_method(owner: type) -> None:
    """Each has a section and a docstring, and each of its methods a row or an inherited one."""
    assert missing([owner.__name__], "python-api.md", "\n### `{}`\n") == []
    told = [] if owner in KEYS else members(owner)
    shown = re.findall(r"`(?:await )?(\w+)", page("python-api.md"))
    assert {one.name for one in told} <= {*shown}
    methods = [one for one in told if "(" in one.shown.partition(":")[0]]
    assert [one.name for one in methods if not one.told] == []


@pytest.mark.parametrize("owner", REACHED, ids=lambda one: one.__name__)
def test_what_is_handed_out_has_the_members_that_are_told(owner: type) -> None:
    """A method that was renamed is missed."""
    assert {*REACHED[owner]} <= {one.name for one in members(owner)}

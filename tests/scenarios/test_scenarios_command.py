"""`livestorm-mock scenarios` lists, shows and validates."""

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner
from livestorm_mock_server.cli import commands
from livestorm_mock_server.scenario_files import load_scenario, scenario_names

NAMES = scenario_names()
COMMAND = [str(Path(sys.executable).parent / "livestorm-mock"), "scenarios"]


def invoke(*arguments: str, columns: int | None = None) -> str:
    """Run the command in this process; give what it prints."""
    env = {"COLUMNS": None if columns is None else str(columns)}
    result = CliRunner().invoke(commands, ["scenarios", *arguments], env=env)
    assert result.exception is None
    return result.output


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command."""
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)


def assert_wrong_usage(ran: subprocess.CompletedProcess[str], *, says: str) -> None:
    """Assert the exit status of wrong usage and its one line."""
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr.startswith("livestorm-mock: ")
    assert ran.stderr.count("\n") == 1
    assert says in ran.stderr


def test_list_has_a_line_for_each_scenario() -> None:
    """Where the output is no terminal, a scenario is a line: the name, then the title."""
    lines = [line.split(maxsplit=1) for line in invoke("list").splitlines()]
    assert lines == [[name, load_scenario(name).title] for name in NAMES]


def test_list_is_aligned() -> None:
    """All titles begin in the same column."""
    column = max(map(len, NAMES)) + 2
    assert {line[column - 2 : column] for line in invoke("list").splitlines()} == {"  "}
    assert " " not in {line[column] for line in invoke("list").splitlines()}


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_list_fits_the_terminal(columns: int) -> None:
    """No line is longer than the terminal is wide."""
    assert max(map(len, invoke("list", columns=columns).splitlines())) <= columns


def test_list_survives_a_terminal_without_room() -> None:
    """Even in a column of one, all names are there."""
    assert set(NAMES) <= set(invoke("list", columns=1).splitlines())


def test_scenarios_alone_lists() -> None:
    """Without a subcommand, the scenarios are listed."""
    assert invoke() == invoke("list")


def test_list_as_json_is_for_machines() -> None:
    """`--json` gives names, titles, what clients should do, and cases."""
    first = json.loads(invoke("list", "--json"))[0]
    scenario = load_scenario(NAMES[0])
    assert first == {
        "name": NAMES[0],
        "title": scenario.title,
        "client_should": scenario.client_should,
        "cases": list(scenario.cases),
    }


@pytest.mark.parametrize("case", ["C09", "c09"])
def test_list_of_a_case_shows_its_scenarios(case: str) -> None:
    """`--case` leaves those that show the case."""
    listed = [line.split()[0] for line in invoke("list", "--case", case).splitlines()]
    assert listed == [name for name in NAMES if "C09" in load_scenario(name).cases]


def test_list_of_a_section_shows_all_its_cases() -> None:
    """`--case` takes a section's letter too."""
    listed = json.loads(invoke("list", "--case", "I", "--json"))
    assert {case for one in listed for case in one["cases"] if case.startswith("I")} == {
        f"I{number:02}" for number in range(1, 8)
    }


def test_list_of_an_unknown_case_is_wrong_usage() -> None:
    """A case that no scenario shows is one line and exit status 3."""
    assert_wrong_usage(run("list", "--case", "C99"), says="did you mean 'C09'?")


@pytest.mark.parametrize("name", NAMES)
def test_show_ends_with_the_file(name: str) -> None:
    """What `show` prints last is the file, to be copied."""
    _, _, text = invoke("show", name).partition(f"\n# {name}.toml\n")
    assert text == (files("livestorm_scenarios") / f"{name}.toml").read_text(encoding="utf-8")


def test_show_says_all_before_the_file() -> None:
    """`show` says what it is, what to do, the cases, the options and each fault."""
    said, _, _ = invoke("show", "refresh_answer_lost_for_good").partition("\n# ")
    assert said == (
        "refresh_answer_lost_for_good: The old pair is dead, and the new one never arrives\n"
        "\n"
        "A correct client should\n"
        "  Try once more at most, then ask the user to connect again.\n"
        "\n"
        "Cases\n"
        "  D10\n"
        "\n"
        "Provider options\n"
        '  rotation = "instant" (default "on_use")\n'
        "\n"
        "Faults\n"
        "  The first request to token.refresh_token, after its effect: close. Answer with a FIN.\n"
    )


def test_show_names_what_a_scenario_brings() -> None:
    """Workspaces, users, applications and resources of its own are named."""
    assert "  user grace.dupont@example.test\n" in invoke("show", "two_users")
    assert "  resource GET /v1/events\n" in invoke("show", "page_loop")
    assert "  application 'Integration With Tenants'\n" in invoke("show", "redirect_uri_with_query")


def test_show_takes_a_file(tmp_path: Path) -> None:
    """A file of one's own is shown like one of the project's; what it leaves out is left out."""
    file = tmp_path / "mine.toml"
    file.write_text('title = "Mine"\n', encoding="utf-8")
    assert invoke("show", str(file)) == 'mine: Mine\n\n# mine.toml\ntitle = "Mine"\n'


@pytest.mark.parametrize("columns", [40, 80])
def test_show_fits_the_terminal(columns: int) -> None:
    """What is said is broken to the terminal's width; the file is not."""
    said, _, _ = invoke("show", "refresh_slow", columns=columns).partition("\n# ")
    assert max(map(len, said.splitlines())) <= columns


def test_show_of_an_unknown_name_is_wrong_usage() -> None:
    """A name that is none is one line with the near miss and exit status 3."""
    assert_wrong_usage(run("show", "rate_limit"), says="did you mean 'rate_limited'?")


def test_validate_says_ok(tmp_path: Path) -> None:
    """A file that can be used is ok, and the exit status 0."""
    file = tmp_path / "good.toml"
    file.write_text('[[faults]]\non = "api"\nfault = "reset"\n', encoding="utf-8")
    ran = run("validate", str(file))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"{file}: ok\n", "")


def test_validate_says_what_is_wrong(tmp_path: Path) -> None:
    """Each file has its verdict, each mistake its line; one makes the exit status 1."""
    good, bad, missing = (tmp_path / name for name in ("good.toml", "bad.toml", "missing.toml"))
    good.touch()
    bad.write_text('[[faults]]\non = "apii"\nfault = "rest"\n', encoding="utf-8")
    ran = run("validate", str(good), str(bad), str(missing))
    first, second, other, third = ran.stdout.splitlines()
    assert (ran.returncode, ran.stderr) == (1, "")
    assert first == f"{good}: ok"
    assert second.startswith(f"{bad}:2:1: faults[0].on is 'apii'; expected one of")
    assert other.startswith(f"{bad}:3:1: faults[0].fault is 'rest'; expected one of")
    assert str(missing) in third
    assert third.endswith("can't be read: No such file or directory")


def test_validate_without_a_file_is_wrong_usage() -> None:
    """No file is wrong usage."""
    assert_wrong_usage(run("validate"), says="FILE")

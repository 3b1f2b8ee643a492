"""What `livestorm-mock scenarios` does: list the scenarios, show one, validate files."""

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import click

from .printable import one_line, printable, printable_lines
from .reading import InvalidInputError, expected_one_of
from .scenario import Scenario
from .scenario_files import SCENARIOS, ScenarioError, load_scenario, scenario_names
from .scenario_words import say_entries, say_fault, say_options

_GAP = 2
# With less room than this beside the names, the titles go on lines of their own.
_NARROWEST_TITLE = 30
_WIDEST_TEXT = 100


@click.group(invoke_without_command=True)
@click.pass_context
def scenarios(context: click.Context) -> None:
    """Look at the situations that the fake can be put into; alone, list them."""
    if context.invoked_subcommand is None:
        context.invoke(list_scenarios)


@scenarios.command("list")
@click.option("--case", metavar="ID", help="Only those that show a case (C09), or a section (C).")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_scenarios(case: str | None, as_json: bool) -> None:
    """Print names and titles."""
    found = _find_scenarios(case)
    if as_json:
        click.echo(json.dumps([_as_json(*one) for one in found.items()], indent=2))
        return
    titles = {name: one_line(scenario.title) for name, scenario in found.items()}
    click.echo("\n".join(_table(titles, terminal_width())))


@scenarios.command("show")
@click.argument("name_or_path", metavar="NAME|FILE")
def show_scenario(name_or_path: str) -> None:
    """Print what a scenario is for, what it sets, and its file."""
    scenario = load_scenario(name_or_path)
    width = min(terminal_width() or _WIDEST_TEXT, _WIDEST_TEXT)
    sections: dict[str, Iterable[str]] = {
        "A correct client should": filter(None, [scenario.client_should]),
        "Cases": filter(None, [", ".join(scenario.cases)]),
        "Provider options": say_options(scenario.provider),
        "Its own": say_entries(scenario),
        "Faults": map(say_fault, scenario.read_faults),
    }
    lines = _paragraph(f"{Path(name_or_path).stem}: {scenario.title}", width, indent="")
    for heading, texts in sections.items():
        lines += _section(heading, texts, width)
    click.echo("\n".join([*lines, "", f"# {printable(Path(name_or_path).stem)}.toml"]))
    click.echo(printable_lines(_source(name_or_path)), nl=False)


@scenarios.command("validate")
@click.argument(
    "paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
def validate_scenarios(paths: tuple[Path, ...]) -> int:
    """Say of each file that it is ok, or all that is wrong; exit status 1 if any is wrong."""
    verdicts = {path: _mistakes(path) for path in paths}
    for path, mistakes in verdicts.items():
        click.echo("\n".join(map(one_line, mistakes or [f"{path}: ok"])))
    return 1 if any(verdicts.values()) else 0


@scenarios.command("from-har")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it there.")
def make_scenario(path: Path, output: Path | None) -> None:
    """Make a scenario of a recording of the real service, an HTTP archive (HAR), without its
    secrets; print it, and say on standard error what was replaced.
    """
    from .recording.archive import MOST_BYTES
    from .recording.scenario import scenario_from

    try:
        with path.open("rb") as file:
            made = scenario_from(file.read(MOST_BYTES + 1), output.name if output else "scenario")
    except InvalidInputError as error:
        raise click.UsageError(f"{path}: {error}") from None
    if output is None:
        click.echo(made.text, nl=False)
    else:
        output.write_text(made.text, encoding="utf-8")
    for line in made.told:
        click.echo(printable(line), err=True)


def terminal_width() -> int | None:
    """Give the width in columns; None where the output is no terminal and is not to be broken."""
    if "COLUMNS" in os.environ or (sys.stdout is not None and sys.stdout.isatty()):
        return shutil.get_terminal_size().columns
    return None


def _find_scenarios(case: str | None) -> Mapping[str, Scenario]:
    scenarios = {name: load_scenario(name) for name in scenario_names()}
    if case is None:
        return scenarios
    wanted = case.upper()
    found = {name: one for name, one in scenarios.items() if wanted in _shown_by(one)}
    if not found:
        known = sorted({shown for one in scenarios.values() for shown in _shown_by(one)})
        raise InvalidInputError("--case", case, expected_one_of(wanted, known))
    return found


def _shown_by(scenario: Scenario) -> set[str]:
    """Give the cases of a scenario, and their sections."""
    return {*scenario.cases, *(case[:1] for case in scenario.cases)}


def _as_json(name: str, scenario: Scenario) -> dict[str, object]:
    return {
        "name": name,
        "title": scenario.title,
        "client_should": scenario.client_should,
        "cases": scenario.cases,
    }


def _table(titles: Mapping[str, str], width: int | None) -> Iterator[str]:
    column = max(map(len, titles)) + _GAP
    for name, title in titles.items():
        if width is None:
            yield f"{name:<{column}}{title}"
        elif width < column + _NARROWEST_TITLE:
            yield name
            yield from _paragraph(title, width, indent=" " * _GAP)
        else:
            first, *more = textwrap.wrap(title, width - column) or [""]
            yield f"{name:<{column}}{first}"
            yield from (" " * column + line for line in more)


def _section(heading: str, texts: Iterable[str], width: int) -> list[str]:
    lines = [line for text in texts for line in _paragraph(text, width, indent=" " * _GAP)]
    return ["", heading, *lines] if lines else []


def _paragraph(text: str, width: int, *, indent: str) -> list[str]:
    hanging = indent + " " * _GAP
    return textwrap.wrap(
        one_line(text),
        width,
        initial_indent=indent,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _source(name_or_path: str | Path) -> str:
    """Give the text of a scenario that can be loaded."""
    if name_or_path in scenario_names():
        name_or_path = SCENARIOS / f"{name_or_path}.toml"
    return Path(name_or_path).read_text(encoding="utf-8")


def _mistakes(path: Path) -> Sequence[str]:
    try:
        load_scenario(path)
    except ScenarioError as error:
        return error.mistakes
    return ()

"""The commands that use the contract tests: `init`, `cases`, `check` and `replay`."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import click

from .scenario_files import load_scenario

INTERRUPTED = 130
PROFILES = "core, refresh, rate-limit, transport, security or durability"
LANGUAGES = ("python", "node", "go", "ruby", "shell")


class NamedPath(click.Path):
    """A path with a name, which an empty text is not: it would mean the current folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str | bytes | os.PathLike[str]:
        """Give the path. Raises click.BadParameter."""
        if not os.fspath(value):
            self.fail("expected a name, not an empty text", param, ctx)
        return super().convert(value, param, ctx)


@click.command()
@click.argument("language", type=click.Choice(LANGUAGES), required=False)
def init(language: str | None) -> None:
    """Write an adapter, a first test, a baseline and a workflow for CI into this folder.

    Without a language, the folder's own files tell it. Where one of the files is there already,
    nothing is written.
    """
    with _suite():
        from livestorm_contract_tests import init_command

        init_command.init(language, Path())


@click.group(invoke_without_command=True)
@click.pass_context
def cases(context: click.Context) -> None:
    """Look at what `check` asks of a client; alone, list it."""
    if context.invoked_subcommand is None:
        context.invoke(list_cases)


@cases.command("list")
@click.option("--profile", metavar="NAME", help=f"Only cases of {PROFILES}.")
@click.option("--requirements", metavar="SET", help="As this set scores them (2026.1).")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list with all there is.")
def list_cases(profile: str | None, requirements: str | None, as_json: bool) -> None:
    """Print id, name, level and profile of each, and the first set that scores it."""
    with _suite():
        from livestorm_contract_tests import cases_command

        cases_command.list_cases(profile, requirements, as_json=as_json)


@cases.command("show")
@click.argument("name", metavar="ID")
def show_case(name: str) -> None:
    """Print what a case requires, injects, observes and checks."""
    with _suite():
        from livestorm_contract_tests import cases_command

        cases_command.show_case(name)


@click.command()
@click.option("--client", metavar="COMMAND|URL", help="How to start its adapter, or where it is.")
@click.option("--command", metavar="COMMAND", help="A client without an adapter.")
@click.option("--restart-cmd", metavar="COMMAND", help="Starts the app at the URL anew.")
@click.option("--log-file", type=NamedPath(), help="Where the app at the URL logs.")
@click.option(
    "--profile", "profiles", multiple=True, metavar="NAME", help=f"Only cases of {PROFILES}."
)
@click.option("--case", "cases", multiple=True, metavar="ID", help="Only this case (C09).")
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="NAME|FILE",
    help="Only the cases that this situation shows (burst_limit).",
)
@click.option("--fast", is_flag=True, help="The first variant of each case, and no properties.")
@click.option("--last-failed", is_flag=True, help="Only what failed last; all where nothing did.")
@click.option("--strict", is_flag=True, help="Fail also what only should be.")
@click.option("--requirements", metavar="SET", help="Score by this frozen set (2026.1).")
@click.option("--baseline", type=NamedPath(), help="What is known to fail (YAML).")
@click.option(
    "--write-baseline",
    type=NamedPath(),
    metavar="FILE",
    help="Add what fails now to a baseline, or begin one.",
)
@click.option("--update-baseline", is_flag=True, help="Remove what passes from the baseline.")
@click.option(
    "--compare",
    type=NamedPath(),
    metavar="FILE",
    help="Tell what is better and worse than in an earlier JSON report.",
)
@click.option("--watch", is_flag=True, help="Run what failed again when a file changes.")
@click.option("--seed", help="Make credentials and tokens come out the same.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=8,
    show_default=True,
    help="Cases that are played side by side.",
)
@click.option("--variants", is_flag=True, help="Run the core under each open question, too.")
@click.option(
    "--state",
    type=NamedPath(),
    default=".livestorm-mock",
    show_default=True,
    help="Where replays are kept.",
)
@click.option("-v", "--verbose", is_flag=True, help="Tell all on the terminal, not one screen.")
@click.option("--json", type=NamedPath(), help="Write the results as JSON.")
@click.option("--junit", type=NamedPath(), help="Write JUnit XML.")
@click.option("--sarif", type=NamedPath(), help="Write SARIF, for code scanning.")
@click.option("--html", type=NamedPath(), help="Write one HTML page.")
@click.option(
    "--live", type=NamedPath(), help="Write the run as it goes, and the HTML page at its end."
)
@click.option("--markdown", type=NamedPath(), help="Write Markdown.")
@click.option("--badge", type=NamedPath(), help="Write SVG and shields JSON.")
def check(scenarios: tuple[str, ...], **options: Any) -> int:
    """Judge a client: run the contract tests against it."""
    shown = {case for name in scenarios for case in _cases_of(name)}
    with _suite():
        from livestorm_contract_tests.check_command import check
        from livestorm_contract_tests.check_options import Wanted

        status = check(Wanted(**options, scenarios=scenarios, shown=shown))
    if status == INTERRUPTED or options["watch"]:
        _leave(status)
    return status


@click.command()
@click.argument("file", type=NamedPath())
@click.option("--client", metavar="COMMAND", help="Another client than the one that failed.")
@click.option("--yes", is_flag=True, help="Run the command that the file names without asking.")
def replay(file: Path, client: str | None, yes: bool) -> int:
    """Play a failure of `check` again: to the client that the file names, with its command."""

    def allow(command: str) -> bool:
        told = f"{file} runs or calls: {command}\nGo on?"
        return yes or (sys.stdin.isatty() and click.confirm(told, err=True))

    with _suite():
        from livestorm_contract_tests import check_command

        status = check_command.replay(file, client, allow)
    if status == INTERRUPTED:
        _leave(status)
    return status


def _cases_of(scenario: str) -> tuple[str, ...]:
    """Give the cases that a scenario shows."""
    cases = load_scenario(scenario).cases
    if not cases:
        raise click.UsageError(f"--scenario: {scenario} names no cases")
    return cases


@contextmanager
def _suite() -> Iterator[None]:
    """Use the contract tests within, which need more than the fake does."""
    from livestorm_contract_tests.usage import UsageError

    if os.name != "posix":
        raise click.ClickException("the contract tests need Linux or macOS; on Windows, use WSL")
    try:
        yield
    except ImportError as error:
        told = f"this needs {error.name}, which the extra `suite` brings: docs/install.md"
        raise click.ClickException(told) from None
    except UsageError as error:
        raise click.ClickException(str(error)) from None


def _leave(status: int) -> NoReturn:
    """End at once, without waiting for threads that are still at work."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(status)

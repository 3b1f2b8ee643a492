"""The command `livestorm-mock`: a thin shell over the package."""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

import click

from .doctor.command import doctor
from .doorkeeper.releases import RELEASES
from .env_command import env
from .limits import DEFAULT_LIMITS, Limits
from .registration_options import read_registration, registration_options
from .running.command import run

WRONG_USAGE = 3
INTERRUPTED = 130
PROFILES = "core, refresh, rate-limit, transport, security or durability"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="livestorm-mock")
def commands() -> None:
    """A faithful fake of Livestorm's OAuth provider and API, offline."""


@commands.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8787, show_default=True, help="0: a free one."
)
@click.option("--public-url", metavar="URL", help="Where clients reach it, such as a proxy's URL.")
@click.option(
    "--other-port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default="a free one",
    help="Port of its second origin, to which faults redirect.",
)
@click.option("--other-url", metavar="URL", help="Where clients reach the second origin.")
@click.option("--tls", is_flag=True, help="Speak HTTPS, too, as Livestorm's hosts and localhost.")
@click.option(
    "--ca-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Keep the authority for --tls there, so that clients may trust it for long.",
)
@click.option(
    "--proxy-port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="Be a proxy there, too, behind which Livestorm's hosts are the fake; has --tls.",
)
@click.option(
    "--proxy-others",
    type=click.Choice(["refuse", "pass"]),
    default="refuse",
    show_default=True,
    help="What the proxy does with other hosts.",
)
@click.option("--scenario", default="happy_path", show_default=True, metavar="NAME|FILE")
@click.option("--release", type=click.Choice(list(RELEASES)), help="Doorkeeper release.")
@click.option("--auto-approve", is_flag=True, help="Redirect at once, without the consent page.")
@click.option("--no-rate-limits", is_flag=True, help="Switch the two rate limits off.")
@registration_options
@click.option("--seed", help="Make ids and tokens come out the same each time.")
@click.option("--journal-capacity", type=int, metavar="N", help="Exchanges that the journal keeps.")
@click.option("--journal-bytes", type=int, metavar="N", help="Bytes that the journal keeps.")
@click.option(
    "--max-body",
    type=click.IntRange(0),
    default=DEFAULT_LIMITS.body,
    show_default=True,
    metavar="BYTES",
    help="Longest body of a request, 0 for no limit.",
)
@click.option(
    "--request-timeout",
    type=click.FloatRange(0, 86_400),
    default=DEFAULT_LIMITS.seconds,
    show_default=True,
    metavar="SECONDS",
    help="Longest pause in a request, 0 for no limit.",
)
@click.option(
    "--allowed-host",
    "allowed_hosts",
    multiple=True,
    metavar="NAME",
    help="Another host by which the control API may be called.",
)
@click.option(
    "--control-token",
    "token",
    envvar="LIVESTORM_MOCK_CONTROL_TOKEN",
    show_envvar=True,
    metavar="TOKEN",
    help="What the control API wants; by default drawn where others can reach it.",
)
@click.option("--insecure", is_flag=True, help="Let anybody who can reach it use the control API.")
@click.option("--no-control", is_flag=True, help="Serve no control API.")
@click.option(
    "--exit-with-parent", is_flag=True, help="End, too, when standard input does, a pipe's."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line once it accepts.")
def serve(
    host: str,
    port: int,
    public_url: str | None,
    other_port: int,
    other_url: str | None,
    tls: bool,
    ca_dir: Path | None,
    proxy_port: int | None,
    proxy_others: str,
    scenario: str,
    release: str | None,
    auto_approve: bool,
    no_rate_limits: bool,
    seed: str | None,
    journal_capacity: int | None,
    journal_bytes: int | None,
    max_body: int,
    request_timeout: float,
    as_json: bool,
    no_control: bool,
    exit_with_parent: bool,
    registration: dict[str, object],
    **access: Any,
) -> None:
    """Serve the fake until Ctrl-C or SIGTERM."""
    from .addresses import Addresses
    from .control_access import ControlAccess
    from .descriptors import check_descriptors
    from .listeners import open_listeners, read_proxy
    from .parent import Parent
    from .scenario_files import load_scenario, with_options
    from .serving import run as run_server
    from .uvicorn_hooks import UnfitUvicornError

    check_descriptors()
    options: dict[str, object] = {}
    if release is not None:
        options["release"] = release
    if auto_approve:
        options["consent"] = "approve"
    if no_rate_limits:
        options["rate_limits"] = False
    loaded = with_options(
        load_scenario(scenario),
        options,
        journal_capacity=journal_capacity,
        journal_bytes=journal_bytes,
    )
    if no_control and any(access.values()):
        raise click.UsageError("--no-control leaves nothing for the other options of control")
    proxy = read_proxy(proxy_port, proxy_others)
    if ca_dir is not None and not tls and proxy is None:
        raise click.UsageError("--ca-dir keeps the authority for --tls")
    named = Addresses(public_url=public_url, other_url=other_url)
    registered = read_registration(registration)
    limits = Limits(body=max_body or None, seconds=request_timeout or None)
    granted = None if no_control else ControlAccess.for_server(host, **access)
    try:
        parent = Parent() if exit_with_parent else None
    except OSError as error:
        raise click.UsageError(f"--exit-with-parent waits for standard input: {error}") from None
    try:
        listeners = open_listeners(
            host, port, other_port, named=named, tls=tls, ca_dir=ca_dir, proxy=proxy
        )
    except OSError as error:
        raise click.ClickException(error.strerror or str(error)) from None
    try:
        run_server(
            listeners,
            loaded,
            granted,
            limits,
            seed=seed,
            registration=registered,
            as_json=as_json,
            parent=parent,
        )
    except UnfitUvicornError as error:
        raise click.ClickException(str(error)) from None


for command in (run, env, doctor):
    commands.add_command(command)


@commands.group(invoke_without_command=True)
@click.pass_context
def scenarios(context: click.Context) -> None:
    """Look at the situations that the fake can be put into; alone, list them."""
    if context.invoked_subcommand is None:
        context.invoke(list_)


@scenarios.command("list")
@click.option("--case", metavar="ID", help="Only those that show a case (C09), or a section (C).")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(case: str | None, as_json: bool) -> None:
    """Print names and titles."""
    from .scenarios_command import list_scenarios

    list_scenarios(case=case, as_json=as_json)


@scenarios.command()
@click.argument("name", metavar="NAME|FILE")
def show(name: str) -> None:
    """Print what a scenario is for, what it sets, and its file."""
    from .scenarios_command import show_scenario

    show_scenario(name)


@scenarios.command()
@click.argument(
    "paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
def validate(paths: tuple[Path, ...]) -> int:
    """Say of each file that it is ok, or all that is wrong; exit status 1 if any is wrong."""
    from .scenarios_command import validate_scenarios

    return validate_scenarios(paths)


@commands.group(invoke_without_command=True)
@click.pass_context
def cases(context: click.Context) -> None:
    """Look at what `check` asks of a client; alone, list it."""
    if context.invoked_subcommand is None:
        context.invoke(list_cases)


@cases.command("list")
@click.option("--profile", metavar="NAME", help=f"Only cases of {PROFILES}.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list with all there is.")
def list_cases(profile: str | None, as_json: bool) -> None:
    """Print id, name, level and profile of each."""
    with _suite():
        from livestorm_contract_tests import cases_command

        cases_command.list_cases(profile, as_json=as_json)


@cases.command("show")
@click.argument("name", metavar="ID")
def show_case(name: str) -> None:
    """Print what a case requires, injects, observes and checks."""
    with _suite():
        from livestorm_contract_tests import cases_command

        cases_command.show_case(name)


@commands.command()
@click.option("--client", metavar="COMMAND|URL", help="How to start its adapter, or where it is.")
@click.option("--command", metavar="COMMAND", help="A client without an adapter.")
@click.option("--restart-cmd", metavar="COMMAND", help="Starts the app at the URL anew.")
@click.option("--log-file", type=click.Path(path_type=Path), help="Where the app at the URL logs.")
@click.option(
    "--profile", "profiles", multiple=True, metavar="NAME", help=f"Only cases of {PROFILES}."
)
@click.option("--case", "cases", multiple=True, metavar="ID", help="Only this case (C09).")
@click.option("--fast", is_flag=True, help="The first variant of each case, and no properties.")
@click.option("--last-failed", is_flag=True, help="Only what failed last; all where nothing did.")
@click.option("--strict", is_flag=True, help="Fail also what only should be.")
@click.option("--baseline", type=click.Path(path_type=Path), help="What is known to fail (YAML).")
@click.option(
    "--write-baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Add what fails now to a baseline, or begin one.",
)
@click.option("--update-baseline", is_flag=True, help="Remove what passes from the baseline.")
@click.option("--seed", help="Make credentials and tokens come out the same.")
@click.option("--workers", type=click.IntRange(1, 64), default=8, show_default=True)
@click.option("--variants", is_flag=True, help="Run the core under each open question, too.")
@click.option(
    "--state",
    type=click.Path(path_type=Path),
    default=".livestorm-mock",
    show_default=True,
    help="Where replays are kept.",
)
@click.option("-v", "--verbose", is_flag=True, help="Tell all on the terminal, not one screen.")
@click.option("--json", type=click.Path(path_type=Path), help="Write the results as JSON.")
@click.option("--junit", type=click.Path(path_type=Path), help="Write JUnit XML.")
@click.option("--html", type=click.Path(path_type=Path), help="Write one HTML page.")
@click.option("--markdown", type=click.Path(path_type=Path), help="Write Markdown.")
@click.option("--badge", type=click.Path(path_type=Path), help="Write SVG and shields JSON.")
def check(**options: Any) -> int:
    """Judge a client: run the contract tests against it."""
    with _suite():
        from livestorm_contract_tests import check_command

        status = check_command.check(check_command.Wanted(**options))
    if status == INTERRUPTED:
        _leave(status)
    return status


@commands.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--client", metavar="COMMAND", help="Another client than the one that failed.")
@click.option("--yes", is_flag=True, help="Run the command that the file names without asking.")
def replay(file: Path, client: str | None, yes: bool) -> int:
    """Play a failure of `check` again: to the client that the file names, with its command."""

    def allow(command: str) -> bool:
        told = f"{file} runs or calls: {command}\nGo on?"
        return yes or (sys.stdin.isatty() and click.confirm(told, err=True))

    with _suite():
        from livestorm_contract_tests import check_command

        return check_command.replay(file, client, allow)


@contextmanager
def _suite() -> Iterator[None]:
    """Use the contract tests within, which need more than the fake does."""
    from livestorm_contract_tests.usage import UsageError

    if os.name != "posix":
        raise click.ClickException("the contract tests need Linux or macOS; on Windows, use WSL")
    try:
        yield
    except ImportError as error:
        told = f"this needs {error.name}: pip install 'livestorm-mock[suite]'"
        raise click.ClickException(told) from None
    except UsageError as error:
        raise click.ClickException(str(error)) from None


def main() -> NoReturn:
    """Run the command line; wrong usage is a line on standard error and exit status 3.

    A scenario has a line for each mistake.
    """
    from .descriptors import shortage
    from .reading import InvalidInputError
    from .scenario_files import ScenarioError

    for stream in (sys.stdout, sys.stderr):
        # A console without a character must not cost what is told with it.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = commands.main(prog_name="livestorm-mock", standalone_mode=False)
    except click.Abort:
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(WRONG_USAGE)
    except click.ClickException as error:
        _fail(error.format_message())
    except ScenarioError as error:
        _fail(*error.mistakes)
    except InvalidInputError as error:
        _fail(str(error))
    except OSError as error:
        told = error.strerror or str(error)
        if _is_of_output(error):
            sys.stdout = None  # what it still holds can't be written at the end either
            told = f"can't write to standard output: {told}"
        elif error.filename is not None:
            told = f"{error.filename}: {told}"
        _fail(shortage(error) or told)
    sys.exit(status if isinstance(status, int) else 0)


def _is_of_output(error: OSError) -> bool:
    """Tell whether it was met in printing, which click does for all commands."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return str(frame.f_globals.get("__name__")).startswith("click.")


def _leave(status: int) -> NoReturn:
    """End at once, without waiting for threads that are still at work."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(status)


def _fail(*messages: str) -> NoReturn:
    for message in messages:
        click.echo(f"livestorm-mock: {' '.join(message.split())}", err=True)
    sys.exit(WRONG_USAGE)

"""The command `livestorm-mock`: a thin shell over the package."""

import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import NoReturn

import click

from .descriptors import shortage
from .printable import one_line

WRONG_USAGE = 3
_MODULES = {
    "serve": "serve_command",
    "run": "running.command",
    "env": "env_command",
    "doctor": "doctor.command",
    "scenarios": "scenarios_command",
    "init": "suite_commands",
    "cases": "suite_commands",
    "check": "suite_commands",
    "replay": "suite_commands",
}
"""Where the commands are, by their names, which those of the functions are, too."""


class _Commands(click.Group):
    """Loads a command when it is asked for: none should wait for what others need."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names, in the order of the help."""
        return [*_MODULES]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Give a command, None where there is none of this name."""
        if cmd_name not in _MODULES:
            return None
        module = import_module(f".{_MODULES[cmd_name]}", __package__)
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="livestorm-mock")
def commands() -> None:
    """A faithful fake of Livestorm's OAuth provider and API, offline."""


def main() -> NoReturn:
    """Run the command line; wrong usage is a line on standard error and exit status 3.

    A scenario has a line for each mistake.
    """
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
    except Exception as error:
        told = _explained(error)
        if told is None:
            raise
        for message in told:
            click.echo(f"livestorm-mock: {one_line(message)}", err=True)
        sys.exit(WRONG_USAGE)
    sys.exit(status if isinstance(status, int) else 0)


def _explained(error: Exception) -> Sequence[str] | None:
    """Say in lines what a person can mend; None for anything else."""
    if isinstance(error, click.ClickException):
        return [error.format_message()]
    if isinstance(error, OSError):
        return [_explained_by_the_system(error)]
    from .reading import InvalidInputError
    from .scenario_files import ScenarioError

    if isinstance(error, ScenarioError):
        return error.mistakes
    return [str(error)] if isinstance(error, InvalidInputError) else None


def _explained_by_the_system(error: OSError) -> str:
    told = error.strerror or str(error)
    if _is_of_output(error):
        sys.stdout = None  # what it still holds can't be written at the end either
        told = f"can't write to standard output: {told}"
    elif error.filename is not None:
        told = f"{error.filename}: {told}"
    return shortage(error) or told


def _is_of_output(error: OSError) -> bool:
    """Tell whether it was met in printing, which click does for all commands."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return str(frame.f_globals.get("__name__")).startswith("click.")

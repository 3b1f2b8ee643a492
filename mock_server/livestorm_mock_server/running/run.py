"""What `livestorm-mock run` does, from the fork of the child to its exit status."""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from ..interception.environment import EnvironmentWay
from ..interception.way import Way
from . import signals
from .launcher import Launcher
from .wanted import Wanted


def run(wanted: Wanted) -> int:
    """Run a command beside the fake; give its exit status, or that of what is wrong."""
    with contextlib.ExitStack() as stack:
        # The child gets ready while the modules of the fake are loaded.
        way = _first_choice(wanted)
        launcher = stack.enter_context(Launcher(way))
        from .serving import prepare, serve

        fake = prepare(wanted)
        if (refusal := launcher.refusal()) is not None:
            way = _next_choice(wanted, refusal)
            launcher = stack.enter_context(Launcher(way))
            launcher.refusal()
        folder = stack.enter_context(_folder())
        held = signals.hold()
        with contextlib.closing(asyncio.new_event_loop()) as loop:
            return loop.run_until_complete(serve(fake, way, launcher, folder, held))


def _first_choice(wanted: Wanted) -> Way:
    return EnvironmentWay()


def _next_choice(wanted: Wanted, refusal: str) -> Way:
    """Say why it is not the first. Raises ClickException where there may be no other."""
    if wanted.isolate == "always":
        raise click.ClickException(f"--isolate always: {refusal}")
    click.echo(f"livestorm-mock: {refusal}: the environment is used instead", err=True)
    return EnvironmentWay()


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Make a folder for what the command reads, also as another user, and remove it."""
    with tempfile.TemporaryDirectory(prefix="livestorm-mock-") as name:
        os.chmod(name, 0o755)  # noqa: S103
        yield Path(name)

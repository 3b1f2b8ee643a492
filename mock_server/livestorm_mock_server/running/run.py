"""What `livestorm-mock run` does, from the fork of the child to its exit status."""

import contextlib
import gc
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from . import signals
from .certificates import Issuing
from .choosing import first_choice, next_choice
from .launcher import Launcher
from .wanted import Wanted

_FIRST_OTHER = 3
"""The first file descriptor that is none of the standard streams."""


def run(wanted: Wanted) -> int:
    """Run a command beside the fake; give its exit status, or that of what is wrong."""
    # Before there is anything that would be left behind, or that could complain.
    held = signals.hold()
    with contextlib.ExitStack() as stack:
        stack.enter_context(_whole_streams())
        # The children get ready while the modules of the fake are loaded.
        issuing = stack.enter_context(Issuing())
        folder = stack.enter_context(_folder())
        way = first_choice(wanted, folder)
        launcher = stack.enter_context(Launcher(way, held.mask_before))
        with _without_collector():
            from ..server import new_event_loop
            from .serving import prepare, serve

            fake = prepare(wanted)
        if (refusal := launcher.refusal()) is not None:
            way = next_choice(wanted, refusal)
            launcher = stack.enter_context(Launcher(way, held.mask_before))
            if (refusal := launcher.refusal()) is not None:
                raise click.ClickException(refusal)
        if (status := held.asked_to_end()) is not None:
            return status
        with contextlib.closing(new_event_loop()) as loop:
            return loop.run_until_complete(serve(fake, way, launcher, folder, issuing.wait(), held))


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Keep the collector of garbage from looking through what is loaded again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextlib.contextmanager
def _whole_streams() -> Iterator[None]:
    """Let no socket or file take the number of a standard stream that is closed.

    To the command it is closed still.
    """
    taken = [os.open(os.devnull, os.O_RDWR)]
    while taken[-1] < _FIRST_OTHER:
        taken.append(os.open(os.devnull, os.O_RDWR))
    os.close(taken.pop())
    yield
    for one in taken:
        os.close(one)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Make a folder for what the command reads, also as another user, and remove it."""
    with tempfile.TemporaryDirectory(prefix="livestorm-mock-") as name:
        os.chmod(name, 0o755)  # noqa: S103
        yield Path(name).absolute()  # The command may be in another folder when it looks.

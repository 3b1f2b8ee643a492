"""The way that is taken: by what is asked for, and by what the system allows."""

import os
import sys
from pathlib import Path

import click

from ..interception.way import Way
from ..printable import printable
from ..real_hosts import SERVES
from .wanted import Wanted


def first_choice(wanted: Wanted, folder: Path) -> Way:
    """Give the best way that was asked for. Raises ClickException, InvalidInputError."""
    if wanted.isolate == "never":
        if wanted.allowed:
            raise click.UsageError("--allow is for a network of its own, not for --isolate never")
        return _environment_way()
    if sys.platform != "linux":
        if wanted.isolate == "always":
            raise click.ClickException("--isolate always needs Linux")
        return _environment_way()
    from ..interception.namespace.allowing import read_allowed
    from ..interception.namespace.way import NamespaceWay

    allowed = read_allowed(wanted.allowed)
    return NamespaceWay(folder, os.environ, wanted.command, allowed, tuple(SERVES))


def next_choice(wanted: Wanted, refusal: str) -> Way:
    """Give the way that any system allows, and say why. Raises ClickException."""
    if wanted.isolate == "always":
        raise click.ClickException(f"--isolate always: {refusal}")
    told = "the environment is used instead"
    if wanted.allowed:
        told += ", where nothing is kept away that --allow would have to let through"
    click.echo(f"livestorm-mock: {printable(f'{refusal}: {told}')}", err=True)
    return _environment_way()


def _environment_way() -> Way:
    from ..interception.environment import EnvironmentWay  # The other way needs none of it.

    return EnvironmentWay()

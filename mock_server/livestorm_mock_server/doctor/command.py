"""The command line of `doctor`."""

import json
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from ..printable import printable

if TYPE_CHECKING:
    from .diagnosis import Diagnosis


@click.command(context_settings={"allow_interspersed_args": False})
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.argument("command", metavar="[-- COMMAND...]", nargs=-1)
def doctor(as_json: bool, command: tuple[str, ...]) -> int:
    """Say which way of `run` will work here, why another will not, and what to do.

    Exit status 1 where a runtime has none.
    """
    if not hasattr(os, "fork"):
        raise click.ClickException("run needs Linux or macOS; on Windows, use WSL")
    from .diagnosis import diagnose

    diagnosis = diagnose(os.environ, command)
    if as_json:
        click.echo(json.dumps(diagnosis.as_json(), indent=2))
    else:
        for line in _lines(diagnosis):
            click.echo(printable(line))
    return 0 if diagnosis.is_well else 1


def _lines(diagnosis: "Diagnosis") -> Iterator[str]:
    for check in diagnosis.machine:
        yield f"{_mark(check.is_well)} {check.name}: {check.found}"
        if check.mend:
            yield f"         {check.mend}"
    if diagnosis.missing is not None:
        yield f"{_mark(False)} {diagnosis.missing}: {diagnosis.why}"
    for one in diagnosis.runtimes:
        ways = [way.way for way in one.ways if way.works]
        yield f"{_mark(one.is_well)} {one.runtime} ({one.path}): {', '.join(ways) or 'no way'}"
        for way in one.ways:
            if not way.works:
                yield f"         no {way.way}: {way.why}"
        if one.misses:
            advice = "; for these, --isolate always" if "namespace" in ways else ""
            yield f"         outside a namespace not led: {one.misses}{advice}"


def _mark(is_well: bool) -> str:
    return "ok     " if is_well else "not ok "

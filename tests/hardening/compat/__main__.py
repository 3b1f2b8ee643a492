"""`make compat`: run tests under each condition, and print what came of it, row by row."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date

import click

from ..figures import Figures, keep, kept
from .conditions import SELECTION, Condition, conditions
from .interpreters import found, shared
from .row import Row, try_out


def main(arguments: Sequence[str] | None = None) -> int:
    """Give the exit status: 1 where a row failed."""
    wanted = _read(arguments)
    table = conditions(found(), shared())
    chosen = [one for one in table if wanted.only in one.name]
    if not chosen:
        names = "\n".join(f"  {one.name}" for one in table)
        click.echo(f"no condition has {wanted.only!r} in its name; there are:\n{names}", err=True)
        return 2
    selection = wanted.tests or (("tests",) if wanted.all else SELECTION)
    rows = [_tried(condition, selection, wanted.workers) for condition in chosen]
    if wanted.keep and not wanted.tests:
        tests = "all" if wanted.all else "a selection"
        keep(
            "compat",
            figures_of(kept("compat"), tests, rows, [one.name for one in table]),
            on=date.today(),
        )
    return summed_up(rows)


def figures_of(
    before: Figures, tests: str, rows: Sequence[Row], names: Sequence[str]
) -> dict[str, str | int]:
    """Give the figures with some rows tried anew; others stay if they had the same tests."""
    told = dict(before) if before.get("tests") == tests else {}
    told |= {row.name: row.told for row in rows}
    return {"tests": tests, **{name: told[name] for name in names if name in told}}


def summed_up(rows: Sequence[Row]) -> int:
    """Print how many rows there are of each kind; give the exit status."""
    failed = [row for row in rows if not row.is_good]
    untried = [row for row in rows if not row.is_tried]
    good = len(rows) - len(failed) - len(untried)
    click.echo(f"conditions: {good} good, {len(failed)} failed, {len(untried)} not tried")
    return 1 if failed else 0


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make compat", description=__doc__)
    parser.add_argument("tests", nargs="*", help="files or folders, in place of the selection")
    parser.add_argument("--all", action="store_true", help="all tests, not a selection")
    parser.add_argument("--only", default="", help="conditions with this in their name")
    parser.add_argument("--keep", action="store_true", help="keep the figures")
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args(arguments)


def _tried(condition: Condition, selection: Sequence[str], workers: int) -> Row:
    row = try_out(condition, selection, workers=workers)
    click.echo(f"| {row.name:<32} | {row.told} |")
    for line in row.failures:
        click.echo(f"    {line[:160]}")
    return row


if __name__ == "__main__":
    sys.exit(main())

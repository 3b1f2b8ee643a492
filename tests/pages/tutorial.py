"""The tutorial: a naive client and the diffs that mend it; `make tutorial` writes its reports anew.

Its diffs are kept in the page only. Each follows what the report before it says first.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from livestorm_contract_tests.check_options import Wanted, asked_by, read_plan
from livestorm_contract_tests.driving.under_test import StdioClient
from livestorm_contract_tests.report.grouping import causes_of
from livestorm_contract_tests.report.terminal import print_report
from livestorm_contract_tests.runs.jobs import jobs_of
from livestorm_contract_tests.runs.run import Run, run_plan
from livestorm_contract_tests.suite.causes import Cause
from rich.console import Console

from ..real_clients.node_packages import install_packages
from .parts import filled

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/tutorial.md"
EXAMPLE = ROOT / "examples/naive_axios"
WIDTH: Final = 80
"""Columns of the terminal that the page shows, and of output that goes into a pipe."""
WHOLE: Final = 2
"""How many of the reports, the last, have all variants of each case."""

_DIFF: Final = re.compile(r"^```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_REMEDY: Final = "  FIX:"


def diffs(page: str) -> list[str]:
    """Give the diffs of the page, in the order in which they are applied."""
    return _DIFF.findall(page)


def copied_example(folder: Path, mended_by: Sequence[str]) -> Path:
    """Copy the example, beside its packages, and mend it; give its folder.

    Raises NodeMissingError, and subprocess.CalledProcessError for a diff that does not fit.
    """
    install_packages(EXAMPLE)
    copy = folder / "client"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("node_modules"))
    (copy / "node_modules").symlink_to(EXAMPLE / "node_modules")
    # Within a repository, git would take the paths for its own.
    nowhere = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.resolve())}
    for diff in mended_by:
        command = ["git", "apply", "-"]
        subprocess.run(command, input=diff.encode(), cwd=copy, env=nowhere, check=True)
    return copy


def judged(example: Path, wanted: Wanted, *, patience: float = 1) -> Run:
    """Run the suite on a copy of the example, with the seed of the page."""
    name = "node adapter.js"
    asked = replace(wanted, client=name, seed="tutorial")
    # Where its state is kept is none of what the page shows.
    plan = replace(read_plan(replace(asked, state=example / "state")), asked=asked_by(asked))
    client = StdioClient(name=name, command=["node", str(example / "adapter.js")])
    settings = replace(plan.settings, patience=patience)
    jobs = jobs_of(plan.cases, settings)
    return run_plan(replace(plan, client=client, settings=settings, jobs=jobs))


def core(number: int, *, of: int) -> Wanted:
    """Say what the page runs for a report, of so many: each first variant, at last all of them."""
    fast = number <= of - WHOLE
    # A process of Node costs more than the first variants of all cases.
    return Wanted(profiles=("core",), fast=fast, workers=1 if fast else 3)


def screen(run: Run) -> str:
    """Give what the terminal shows."""
    told = StringIO()
    print_report(run, Console(width=WIDTH, file=told))
    return f"```\n{told.getvalue().lstrip()}```\n"


def report(run: Run) -> str:
    """Give what the terminal shows, with the remedy of the first cause only, and that whole."""
    causes = [one.cause for one in causes_of(run)]
    if not causes:
        return screen(run)
    shown, _, _ = screen(run).partition("\n\n")
    lines = [line for line in shown.splitlines() if not line.startswith(_REMEDY)]
    return "\n".join([*lines, "```", "", _told(causes[0]), ""])


def _told(cause: Cause) -> str:
    return f"> **FIX** {cause.remedy} [{cause.source}]({cause.link})"


def parts(folder: Path, page: str) -> Iterator[tuple[str, str]]:
    """Give the parts of the page, by playing it."""
    client = (EXAMPLE / "client.js").read_text(encoding="utf-8")
    yield "client", f"```js\n{client}```\n"
    yield "first screen", screen(judged(copied_example(folder / "first", []), Wanted()))
    steps = diffs(page)
    for number in range(1, len(steps) + 2):
        example = copied_example(folder / str(number), steps[: number - 1])
        yield f"report {number}", report(judged(example, core(number, of=len(steps) + 1)))


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    with TemporaryDirectory() as folder:
        PAGE.write_text(filled(page, dict(parts(Path(folder), page))), encoding="utf-8")

"""The report in a terminal: progress while the cases run, then the worst first."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
)
from rich.table import Table
from rich.text import Text

from ..runs.jobs import UnderWay
from ..runs.run import Run
from ..suite.case_result import CaseResult
from ..suite.verdicts import Verdict
from .findings import QUIET, counts, expired, findings, loud, replay_command, skips

_STYLES = {
    Verdict.PASS: "green",
    Verdict.WARN: "yellow",
    Verdict.SKIP: "dim",
    Verdict.XFAIL: "dim",
    Verdict.FLAKY: "dim",
}


class ReportConsole(Console):
    """Standard output; where nobody reads it any more, the run goes on for its files and status."""

    def on_broken_pipe(self) -> None:
        """Say nothing more, instead of ending the process with status 1."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())  # What it still holds goes there at the exit.
        os.close(nowhere)


class Progressing:
    """Counts the cases as they are finished, and names those that did not pass."""

    def __init__(self, console: Console, progress: Progress, total: int) -> None:
        self._console = console
        self._progress = progress
        self._task = progress.add_task("cases", total=total)

    def tell(self, result: CaseResult) -> None:
        """Count a case."""
        self._progress.advance(self._task)
        if result.verdict not in QUIET:
            case = result.case
            self._console.print(f"{_verdict(result.verdict)} {case.id} {escape(case.name)}")


class RunningColumn(ProgressColumn):
    """Names what takes longest, with its seconds."""

    def __init__(self, under_way: UnderWay) -> None:
        super().__init__()
        self._under_way = under_way

    def render(self, task: Task) -> Text:
        """Give three jobs, and how many more there are."""
        del task
        running = self._under_way.longest()
        told = running[:3]
        told += [f"{len(running) - 3} more"] if len(running) > 3 else []
        return Text(", ".join(told), style="dim", overflow="ellipsis", no_wrap=True)


@contextmanager
def progressing(console: Console, total: int, under_way: UnderWay) -> Iterator[Progressing]:
    """Show progress where the console is a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RunningColumn(under_way),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield Progressing(console, progress, total)


def print_report(run: Run, console: Console) -> None:
    """Print what did not pass, worst first, and the counts."""
    for result in loud(run.results):
        _print_case(result, console)
    if skipped := skips(run.results):
        console.print("\n[bold]Skipped[/bold]")
        for one in skipped:
            case, variants = one.result.case, f" ({one.variants})" if one.variants else ""
            console.print(
                f"  {case.id} {escape(case.name + variants)}: {escape(one.reason)}", highlight=False
            )
    for told in expired(run):
        console.print(f"[yellow]{escape(told)}[/yellow]", highlight=False)
    console.print()
    console.print(_scores(run))
    told = "  ".join(f"{n} {_verdict(verdict)}" for verdict, n in counts(run.results).items())
    console.print(f"{told}   seed {escape(run.settings.seed)}")


def _print_case(result: CaseResult, console: Console) -> None:
    case = result.case
    console.print(
        f"\n{_verdict(result.verdict)} [bold]{case.id}[/bold] {escape(case.name)} ({case.level})"
    )
    console.print(f"  Required: {escape(case.requirement)}", highlight=False)
    console.print(f"  {escape(case.source)}", style="dim", highlight=False)
    if result.reason:
        console.print(f"  {escape(result.reason)}", highlight=False)
    for finding in findings(result):
        variant = f" ({escape(finding.variant)})" if finding.variant else ""
        console.print(f"  [bold]{escape(finding.check)}[/bold]{variant}", highlight=False)
        console.print(f"    {escape(finding.requirement)}", highlight=False)
        if finding.found:
            console.print(f"    found: {escape(finding.found)}", highlight=False)
        for step in finding.steps:
            console.print(f"      {escape(step)}", highlight=False)
    if command := replay_command(result):
        console.print(f"  {escape(command)}", style="cyan", highlight=False)


def _scores(run: Run) -> Table:
    table = Table("profile", "passed", "judged", "cases", "lacks", box=None)
    for name, score in run.scores.items():
        lacks = ", ".join(score.lacks)
        table.add_row(name, str(score.passed), str(score.judged), str(score.total), escape(lacks))
    return table


def _verdict(verdict: Verdict) -> str:
    return f"[{_STYLES.get(verdict, 'bold red')}]{verdict}[/]"

"""The report in a terminal: one screen that says what to do first, or all with `verbose`."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from ..runs.requirements import UNSCORED
from ..runs.run import Run
from ..suite.case_result import CaseResult
from ..suite.causes import ENDS
from ..suite.verdicts import Verdict
from .findings import (
    WORSE,
    Finding,
    counts,
    expired,
    findings,
    loud,
    missed,
    name_of,
    replay_command,
    scores_told,
    skips,
    stale,
    told_lists,
)
from .foreign_text import behind_marks, mark_of, marked
from .grouping import CauseFound, causes_of
from .shape import Decisive

_STYLES: Final[Mapping[str, str]] = {
    UNSCORED: "dim",
    Verdict.PASS: "green",
    Verdict.WARN: "yellow",
    Verdict.SKIP: "dim",
    Verdict.XFAIL: "dim",
    Verdict.FLAKY: "dim",
}

_MOST: Final = 10
"""How many causes are told at once."""

_ROOM: Final = 28
"""How many lines they may take, so that all fits one screen of 40 lines."""


class ReportConsole(Console):
    """Standard output; where nobody reads it any more, the run goes on for its files and status."""

    def on_broken_pipe(self) -> None:
        """Say nothing more, instead of ending the process with status 1."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())  # What it still holds goes there at the exit.
        os.close(nowhere)


def print_report(run: Run, console: Console, *, verbose: bool = False) -> None:
    """Print the causes of what did not pass, first what turns most green, and the counts."""
    found = causes_of(run)
    if verbose:
        _print_lines(_everything(run, found), console)
        _print_lines(_totals(run), console)
    else:
        _print_lines(_totals(run), console)
        _print_lines(_screen(run, found, console), console)


def _print_lines(lines: Iterator[Text], console: Console) -> None:
    """Print lines; one that begins with a line feed stands behind an empty one."""
    for line in lines:
        apart = line.plain.startswith("\n")
        if apart:
            console.print()
        console.print(_harmless(line[1:] if apart else line), highlight=False, soft_wrap=True)


def _harmless(line: Text) -> Text:
    """Give a line whose parts are cleaned, in the same styles."""
    if marked(line.plain) == line.plain:
        return line
    made = Text(mark_of(line.plain), line.style)
    borders = {at for span in line.spans for at in (span.start, span.end)}
    for part in line.divide(sorted(borders)):
        made.append(behind_marks(part.plain), part.spans[-1].style if part.spans else None)
    return made


def _totals(run: Run) -> Iterator[Text]:
    told = Text.assemble("\n", (f"{_one_line(name_of(run.ready.client))}:", "bold"))
    for verdict, count in counts(run.results).items():
        told.append(f" {count} ").append(verdict, _style(verdict))
    yield told.append(f", set {run.requirements.name}, seed {run.settings.seed}")
    yield Text(scores_told(run))


def _screen(run: Run, found: Sequence[CauseFound], console: Console) -> Iterator[Text]:
    """Give what is worth knowing first."""
    told = _first(found, console)
    for block in told:
        yield from block
    if left := found[len(told) :]:
        yield Text(f"and {len(left)} more {'cause' if len(left) == 1 else 'causes'}")
    notes = [*_compared(run, most=8), *_notes(run)]
    if found or notes:
        yield Text()
    yield from notes
    yield from _next(run, found)


def _first(found: Sequence[CauseFound], console: Console) -> list[list[Text]]:
    """Give the lines of the first causes, as many as fit."""
    blocks: list[list[Text]] = []
    room = _ROOM
    for one in found[:_MOST]:
        block = list(_brief(one))
        room -= sum(len(line.wrap(console, console.width)) for line in block)
        if blocks and room < 0:
            break
        blocks.append(block)
    return blocks


def _brief(found: CauseFound) -> Iterator[Text]:
    """Tell a cause in two lines; how a case ended that nothing is known of in a third."""
    yield _title(found)
    ends = [one.found for one in found.findings if one.check.partition(":")[2] in ENDS]
    if ends:
        yield Text(f"  {_one_line(ends[0])}"[:300], "dim")
    yield Text.assemble("  ", ("FIX:", "green"), f" {found.cause.first_step}")


def _title(found: CauseFound) -> Text:
    style = {"critical": "bold red", "high": "red"}.get(found.word, "yellow")
    return Text.assemble(
        (f"{found.word:<8}", style), " ", (found.cause.title, "bold"), f" ({found.counted})"
    )


def _notes(run: Run) -> Iterator[Text]:
    """Give a line for each thing that is no cause, and yet worth a look."""
    if names := [one.case.id for one in stale(run.results)]:
        told = f"{len(names)} passed that the baseline expects to fail: {_some(names)}"
        yield Text(f"{told}; --update-baseline removes what passes", "red")
    if entries := [one.id for one in run.expired]:
        yield Text(f"{len(entries)} entries of the baseline expired: {_some(entries)}", "yellow")
    if names := missed(run):
        told = f"{len(names)} not met, and not scored by {run.requirements.name}: {_some(names)}"
        yield Text(told, "yellow")
    if names := list(dict.fromkeys(one.result.case.id for one in skips(run.results))):
        yield Text(f"not judged, or not in all: {_some(names)}", "dim")


def _compared(run: Run, most: int) -> Iterator[Text]:
    """Tell what is worse and better than in an earlier report, and so many ids of each."""
    if run.compared is None:
        return
    yield Text(f"compared with {run.compared.file}: {run.compared.counted}", "bold")
    for name, ids in told_lists(run.compared).items():
        yield Text(f"  {name}: {_some(ids, most)}", "red" if name == WORSE else "")
    for told in run.compared.differences:
        yield Text(f"  not as before: {told}", "yellow")


def _next(run: Run, found: Sequence[CauseFound]) -> Iterator[Text]:
    """Give the commands that come next."""
    if not found:
        if any(_notes(run)) or run.compared:
            yield Text("-v tells all of it", "dim")
        return
    cases = [one.case.id for one in found[0].cases]
    which = "all" if len(cases) == 1 else "one"
    command = run.command(*run.asked.baseline, "--case", cases[0], "-v")
    yield Text(f"{which} of the first: {command}", "cyan")
    if run.exit_status in (1, 2) and not run.nothing_is_known:
        command = run.command(*run.asked.chosen, "--write-baseline", run.asked.suggested)
        yield Text(f"let it pass now:  {command}", "cyan")


def _some(names: Sequence[str], most: int = 8) -> str:
    told = " ".join(names[:most])
    return told if len(names) <= most else f"{told} and {len(names) - most} more"


def _everything(run: Run, found: Sequence[CauseFound]) -> Iterator[Text]:
    for one in found:
        yield from _whole(one)
    with_cause = {result.case.id for one in found for result in one.cases}
    for result in loud(run.results):
        if result.case.id not in with_cause:
            yield Text()
            yield from _case(result, [one for one in findings(result) if not one.scored])
    if skipped := skips(run.results):
        yield Text("\nSkipped", "bold")
    for skip in skipped:
        case, variants = skip.result.case, f" ({skip.variants})" if skip.variants else ""
        yield Text(f"  {case.id} {case.name}{variants}: {skip.reason}")
    for told in expired(run):
        yield Text(told, "yellow")
    if run.compared:
        yield Text()
    yield from _compared(run, most=sys.maxsize)


def _whole(found: CauseFound) -> Iterator[Text]:
    """Tell a cause with its evidence."""
    yield Text("\n").append_text(_title(found))
    yield Text(f"  A correct client {found.cause.does}.")
    yield Text.assemble("  ", ("FIX:", "green"), f" {found.cause.remedy}")
    yield Text(f"  {found.cause.source}: {found.cause.link}", "dim")
    for result in found.cases:
        yield from _case(result, found.of_case(result))


def _case(result: CaseResult, shown: Sequence[Finding]) -> Iterator[Text]:
    case = result.case
    verdict = (result.verdict, _style(result.verdict))
    scored = "" if result.scored else ", not scored"
    told = f" {case.name} ({case.level}{scored})"
    yield Text.assemble("  ", verdict, " ", (case.id, "bold"), told)
    yield Text(f"    Required: {case.requirement}")
    yield Text(f"    {case.source}", "dim")
    if result.reason:
        yield Text(f"    {result.reason}")
    for finding in shown:
        yield from _finding(finding)
    if command := replay_command(result):
        yield Text.assemble(
            "    ", (command, "cyan"), (" (asks before it starts your client)", "dim")
        )


def _finding(finding: Finding) -> Iterator[Text]:
    yield Text.assemble("    ", (finding.told, "bold"))
    yield Text(f"      {finding.requirement}")
    if finding.found:
        yield Text(f"      found: {finding.found}")
    for step in finding.steps:
        yield Text(f"        {step}")
    if finding.decisive:
        yield from _decisive(finding.decisive)


def _decisive(shown: Decisive) -> Iterator[Text]:
    """Show the exchange that decided, and how to repeat it."""
    yield Text(f"      what decided is request {shown.seq}:")
    yield from _indented(shown.request)
    yield Text("      and its answer:" if shown.answer else "      which had no answer")
    yield from _indented(shown.answer or "")
    if shown.repeat:
        yield Text("      to repeat it beside livestorm-mock serve (docs/report.md):")
    yield from (Text(f"        {line}", "cyan") for line in shown.repeat)


def _indented(text: str) -> Iterator[Text]:
    yield from (Text(f"        {line}", "dim") for line in text.splitlines())


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _style(verdict: str) -> str:
    return _STYLES.get(verdict, "bold red")

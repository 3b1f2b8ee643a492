"""What is seen while the cases run: a bar on a terminal, elsewhere a line for each profile."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
)
from rich.text import Text

from ..runs.jobs import UnderWay
from ..runs.plan import Plan
from ..suite.case_result import CaseResult


class Progressing:
    """Counts the cases as they are finished, and those among them that did not pass."""

    def __init__(self, console: Console, progress: Progress, plan: Plan) -> None:
        self._console = console
        self._progress = progress
        self._task = progress.add_task("cases", total=plan.total)
        self._failed = 0
        self._profile = plan.requirements.shown_profile
        self._due = Counter(self._profile(one.id) for one in plan.cases)

    def tell(self, result: CaseResult) -> None:
        """Count a case."""
        self._failed += result.fails
        told = f"cases, {self._failed} failed" if self._failed else "cases"
        self._progress.update(self._task, advance=1, description=told)
        profile = self._profile(result.case.id)
        self._due[profile] -= 1
        if self._due[profile] == 0 and not self._console.is_terminal:
            with suppress(OSError):  # Where a full disk takes no line, the run goes on.
                self._console.print(f"{profile}: done", highlight=False)


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
def progressing(console: Console, plan: Plan, under_way: UnderWay) -> Iterator[Progressing]:
    """Show progress; a bar leaves nothing behind."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RunningColumn(under_way),
    )
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        yield Progressing(console, progress, plan)

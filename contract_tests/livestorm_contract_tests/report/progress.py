"""What is shown while cases are run: a bar at a terminal, and else which profiles are done."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from rich.console import Console

from ..runs.jobs import UnderWay
from ..runs.plan import Plan
from ..suite.case_result import CaseResult

Show = Callable[[str], object]


class Progressing:
    """Counts the cases as they are finished, and those among them that did not pass."""

    def __init__(self, console: Console, plan: Plan, advance: Show | None) -> None:
        """`advance` is told at each case what has been counted; None where there is no bar."""
        self._console = console
        self._advance = advance
        self._failed = 0
        self._profile = plan.requirements.shown_profile
        self._due = Counter(self._profile(one.id) for one in plan.cases)

    def tell(self, result: CaseResult) -> None:
        """Count a case."""
        self._failed += result.fails
        profile = self._profile(result.case.id)
        self._due[profile] -= 1
        if self._advance is not None:
            self._advance(f"cases, {self._failed} failed" if self._failed else "cases")
        elif self._due[profile] == 0:
            with suppress(OSError):  # Where a full disk takes no line, the run goes on.
                self._console.print(f"{profile}: done", highlight=False)


@contextmanager
def progressing(console: Console, plan: Plan, under_way: UnderWay) -> Iterator[Progressing]:
    """Show progress; a bar leaves nothing behind."""
    if not console.is_terminal:
        yield Progressing(console, plan, None)
        return
    from .progress_bar import bar

    with bar(console, plan.total, under_way) as advance:
        yield Progressing(console, plan, advance)

"""The bar at a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

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
def bar(console: Console, total: int, under_way: UnderWay) -> Iterator[Callable[[str], None]]:
    """Show a bar of so many cases; give what counts one, and says what is told beside it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RunningColumn(under_way),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("cases", total=total)
        yield lambda told: progress.update(task, advance=1, description=told)

"""The page on which a run is watched: it reloads itself until the report takes its place."""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from ..runs.jobs import UnderWay
from ..runs.plan import Plan
from ..runs.whole_file import write_whole
from ..suite.case_result import CaseResult
from .findings import WORST_FIRST

_PAUSE: Final = 1.0
"""Seconds between two writings, at least."""


class LivePage:
    """A file that tells what is known so far; without a path there is none."""

    def __init__(
        self,
        path: Path | None,
        plan: Plan,
        under_way: UnderWay,
        *,
        read_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path, self._plan, self._under_way = path, plan, under_way
        self._read_seconds = read_seconds
        self._results: list[CaseResult] = []
        self._write(ended=None)  # So that it can be opened before there is anything to tell.
        self._written_at = -_PAUSE  # What is known first is told at once.

    def tell(self, result: CaseResult) -> None:
        """Add a case; it is written at once, or with those that follow."""
        self._results.append(result)
        if self._read_seconds() - self._written_at >= _PAUSE:
            self._write(ended=None)

    def end(self, told: str) -> None:
        """Say why there is no report, for good."""
        self._write(ended=told)

    def _write(self, *, ended: str | None) -> None:
        if self._path is None:
            return
        from .html import render

        counts = Counter(one.verdict for one in self._results)
        page = render(
            "live.html",
            client=self._plan.client,
            total=self._plan.total,
            done=len(self._results),
            counts={verdict: counts[verdict] for verdict in WORST_FIRST if counts[verdict]},
            failed=[one for one in self._results if one.fails],
            running=self._under_way.longest(),
            ended=ended,
        )
        # A page that can't be written costs no run; the report at its end says so.
        with suppress(OSError):
            write_whole(self._path, page.encode())
        self._written_at = self._read_seconds()

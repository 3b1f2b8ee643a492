"""One round: all tests, once, in an order of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

WORKERS = 4
BUSY = os.cpu_count() or 1
"""Programs beside the tests that do nothing but compute."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """What came of it."""

    status: int
    """How pytest ended."""
    tests: int
    failed: frozenset[str]
    """The tests that failed, or what they need."""

    @property
    def is_whole(self) -> bool:
        """Whether each test was played: else it was interrupted, or some could not be read."""
        ended = pytest.ExitCode.TESTS_FAILED if self.failed else pytest.ExitCode.OK
        return self.status == ended


def play(seed: int, chosen: Sequence[str] = ()) -> Round:
    """Run all tests, or the chosen ones, in the order of `seed`, under load."""
    seen = _Seen()
    order = ["--random-order-bucket=global", f"--random-order-seed={seed}"]
    with load():
        status = pytest.main(["-q", "-n", str(WORKERS), *order, *chosen], plugins=[seen])
    return Round(status=int(status), tests=seen.played, failed=frozenset(seen.failed))


class _Seen:
    """Notes which tests were played, and which failed."""

    def __init__(self) -> None:
        self.played = 0
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test, and note it where it or what it needs failed."""
        self.played += report.when == "call"
        if report.failed:
            self.failed.add(report.nodeid)


@contextmanager
def load() -> Iterator[None]:
    """Keep the processors busy."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(BUSY)]
    try:
        yield
    finally:
        for program in busy:
            program.kill()
            program.wait()

"""`make flakes`: all tests in random order, in parallel, while other programs want the processors.

Each round has its own order, which it prints; `pytest --random-order-seed` plays it again. Exit
status 1 where a test failed in any round.
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from random import SystemRandom

import pytest

from .. import figures

WORKERS = 4
BUSY = os.cpu_count() or 1
"""Programs beside the tests that do nothing but compute."""


class Failed:
    """Notes which tests failed."""

    def __init__(self) -> None:
        self.tests: Counter[str] = Counter()
        self.played = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test, and note it where it or what it needs failed."""
        self.played += report.when == "call"
        if report.failed:
            self.tests[report.nodeid] += 1


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


def main() -> int:
    """Run the rounds, print and keep the figures; give the exit status."""
    times, failed = int(sys.argv[1]), Failed()
    for number in range(1, times + 1):
        seed = SystemRandom().randrange(10**6)
        print(f"round {number} of {times}: --random-order-seed={seed}", flush=True)
        order = ["--random-order-bucket=global", f"--random-order-seed={seed}"]
        with load():
            pytest.main(["-q", "-n", str(WORKERS), *order, *sys.argv[2:]], plugins=[failed])
    told: dict[str, str | int] = {
        "rounds": times,
        "tests played in all": failed.played,
        "failures": failed.tests.total(),
    }
    for test, count in failed.tests.most_common():
        print(f"failed {count} times: {test}")
    figures.keep("flakes", told, on=date.today())
    return 1 if failed.tests or not failed.played else 0


if __name__ == "__main__":
    sys.exit(main())

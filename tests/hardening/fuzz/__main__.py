"""`make fuzz`: a million hostile requests, or as many as `REQUESTS` says, and odd files."""

import os
import sys
from datetime import date
from pathlib import Path

import pytest

from .. import figures


class Counter:
    """Adds up what the tests tell of themselves."""

    def __init__(self) -> None:
        self.told: dict[str, int | str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what a test counted, once it is over."""
        if report.when != "call":
            return
        for name, value in report.user_properties:
            self.told[name] = value if isinstance(value, int) else str(value)
        if report.failed:
            self.told[f"failed: {report.nodeid}"] = 1


def main() -> int:
    """Fuzz, and keep the figures; give the exit status."""
    os.environ["FUZZ_REQUESTS"] = sys.argv[1]
    counter = Counter()
    status = pytest.main([str(Path(__file__).parent), "-p", "no:xdist", "-v"], plugins=[counter])
    if status in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        figures.keep("fuzz", counter.told, on=date.today())
    return int(status)


if __name__ == "__main__":
    sys.exit(main())

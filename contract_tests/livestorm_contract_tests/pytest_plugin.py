"""What pytest gains beside `ContractSuite`: its marker, its skips of variants, and its reports.

Reports are written by the process that hears of all tests, wherever they were run.
"""

from collections.abc import Generator
from typing import Final

import pytest

REPORTS: Final = ("json", "junit", "sarif", "html", "markdown", "badge")
"""The reports of `livestorm-mock check`, an option for each."""

MARKER: Final = "livestorm_case"
KEPT: Final = pytest.StashKey[str]()
"""Where a test keeps what its case came to, as JSON."""

_ATTRIBUTE: Final = "livestorm_case"
"""Where pytest's report of a test has it, on its way between processes."""

_WRITER: Final = "livestorm-reports"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add an option for each report."""
    group = parser.getgroup("livestorm", "reports of Livestorm's contract tests")
    for name in REPORTS:
        told = f"As `livestorm-mock check --{name}` writes it."
        group.addoption(f"--livestorm-{name}", metavar="FILE", help=told)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and, in the process that hears of all tests, what writes reports."""
    config.addinivalue_line("markers", f"{MARKER}(profile=...): a case of the contract tests")
    if wants_reports(config) and not hasattr(config, "workerinput"):
        from .pytest_reports import PytestReports

        config.pluginmanager.register(PytestReports(_files(config), attribute=_ATTRIBUTE), _WRITER)


def wants_reports(config: pytest.Config) -> bool:
    """Tell whether a report was asked for."""
    return bool(_files(config))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Send what a case came to with pytest's report of its test."""
    report = yield
    kept = item.stash.get(KEPT, None)
    if kept is not None and report.when == "call":
        setattr(report, _ATTRIBUTE, kept)
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Have variants that were skipped counted and listed by `-rs`, unlike those of other tests."""
    if not isinstance(report, pytest.SubtestReport) or MARKER not in report.keywords:
        return None
    if hasattr(report, "wasxfail"):
        return "xfailed", "x", "XFAIL"
    return ("skipped", "s", "SKIPPED") if report.skipped else None


def _files(config: pytest.Config) -> dict[str, str]:
    named = {name: config.getoption(f"livestorm_{name}") for name in REPORTS}
    return {name: file for name, file in named.items() if file}

"""The reports of a case that could not be judged to its end, as its baseline expects."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from livestorm_contract_tests.report.files import ReportFiles, write_reports
from livestorm_contract_tests.report.html import write_html
from livestorm_contract_tests.report.terminal import print_report
from livestorm_contract_tests.runs.baseline import Baseline, Entry
from livestorm_contract_tests.runs.run import Run, in_light_of
from livestorm_contract_tests.suite.causes import ENDS
from livestorm_contract_tests.suite.verdicts import Verdict
from rich.console import Console

from .failing import failing, run_with

EXCHANGE: Mapping[str, object] = {"seq": 1, "request": "GET /me", "answer": "drip", "repeat": []}
KNOWN = (Entry(id="G03", reason="known"),)
LIGHTS = {
    "none": Baseline(),
    "expected": Baseline(expected_failures=KNOWN),
    "flaky": Baseline(known_flaky=KNOWN),
}


def run_that_ended(end: Verdict, light: str) -> Run:
    """Make a run of a case that ended so, in the light of a baseline."""
    hung_at = EXCHANGE if end is Verdict.HANG else None
    result = replace(failing("G03"), verdict=end, reason="what was seen", hung_at=hung_at)
    run = replace(run_with(), plain=[result])
    return in_light_of(LIGHTS[light], run, date(2026, 11, 30))


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("end", ENDS)
def test_every_report_tells_an_end_that_is_known(tmp_path: Path, end: Verdict, light: str) -> None:
    """Each file is written, whether a hang, a crash or an error was expected, flaky or neither."""
    run = run_that_ended(end, light)
    names = ReportFiles.__dataclass_fields__
    files = ReportFiles(**{name: tmp_path / name for name in names})
    assert write_reports(run, files) == {}
    assert all(path.stat().st_size for _, path in files.reports)
    print_report(run, Console(quiet=True), verbose=True)


@pytest.mark.parametrize("light", LIGHTS)
def test_page_shows_where_a_hang_was_that_is_known(light: str) -> None:
    """The request without an end is told as that of a hang, whatever the baseline makes of it."""
    page = write_html(run_that_ended(Verdict.HANG, light))
    assert "<code>G03:HANG</code>" in page
    assert "<pre>GET /me</pre>" in page


@pytest.mark.parametrize("verdict", [Verdict.WARN, Verdict.FAIL])
def test_page_shows_where_a_hang_was_under_an_open_question(verdict: Verdict) -> None:
    """What hangs only if Livestorm does something nobody knows is a warning, or a failure."""
    run = run_that_ended(Verdict.HANG, "none")
    run = replace(run, results=[replace(one, verdict=verdict) for one in run.results])
    assert "<code>G03:HANG</code>" in write_html(run)

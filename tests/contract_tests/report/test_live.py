"""The page on which a run is watched."""

from pathlib import Path

import pytest
from livestorm_contract_tests.check_options import Wanted, read_plan
from livestorm_contract_tests.report.files import ReportFiles, write_reports
from livestorm_contract_tests.report.live import LivePage
from livestorm_contract_tests.runs.jobs import UnderWay

from .failing import failing, hundred_failures


class Page:
    """A page, and the time by which it is written."""

    def __init__(self, path: Path) -> None:
        self.path, self.seconds = path, 0.0
        plan = read_plan(Wanted(client="reference", cases=["A01", "C01", "C09"]))
        self.live = LivePage(path, plan, UnderWay(), read_seconds=lambda: self.seconds)

    def text(self) -> str:
        """Give what stands there now."""
        return self.path.read_text(encoding="utf-8")


@pytest.fixture
def page(tmp_path: Path) -> Page:
    """A page that was begun."""
    return Page(tmp_path / "live.html")


def test_page_tells_what_is_known_so_far(page: Page) -> None:
    """How many cases are judged, and which failed: the first at once, what follows together."""
    assert "0 of 3 cases" in page.text()
    assert "location.reload" in page.text()
    page.live.tell(failing("A01", "<present>"))
    assert "1 of 3 cases" in page.text()
    page.live.tell(failing("C01", "kind"))
    assert "1 of 3 cases" in page.text()
    page.seconds = 5
    page.live.tell(failing("C09", "kind"))
    assert "3 of 3 cases" in page.text()
    assert "C01" in page.text()


def test_page_of_an_interrupted_run_stays(page: Page) -> None:
    """It says why there is no report, and does not reload any more."""
    page.live.end("interrupted <after> 1 of 3 cases")
    assert "interrupted &lt;after&gt; 1 of 3 cases" in page.text()
    assert "<script>" not in page.text()


def test_run_goes_on_without_a_page(page: Page) -> None:
    """Where it can't be written any more, no case is lost for it; the report then says so."""
    page.path.unlink()
    page.path.mkdir()
    page.seconds = 5
    page.live.tell(failing("A01", "present"))
    assert "live" in write_reports(hundred_failures(), ReportFiles(live=page.path))

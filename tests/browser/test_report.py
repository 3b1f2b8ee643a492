"""The HTML report in a real browser."""

from pathlib import Path

import pytest
from livestorm_contract_tests.report.html import write_html
from livestorm_contract_tests.suite.verdicts import Verdict

from ..contract_tests.report.failing import failing, hundred_failures, run_with
from ..contract_tests.report.finished_run import run_of
from .axe import violations
from .browser import Browser
from .page import Page, Scheme

SIZES = {"desktop": (1280, 900), "phone": (360, 740)}
VISIBLE = "[...document.querySelectorAll('[data-verdict]')].filter((one) => !one.hidden)"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a report of a hundred failures."""
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(write_html(hundred_failures()), encoding="utf-8")
    return file.as_uri()


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_axe_finds_nothing(browser: Browser, report: str, size: str, scheme: Scheme) -> None:
    """With a hundred failures, all of them unfolded; nothing is wider than the window either."""
    with Page(browser, size=SIZES[size], scheme=scheme) as page:
        page.open(report)
        page.evaluate("document.getElementById('unfold').click()")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
        assert page.console_errors() == []


def test_report_opens_without_an_error_in_the_console(page: Page, report: str) -> None:
    """Its own policy lets its style and script be."""
    page.open(report)
    assert page.console_errors() == []
    assert page.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"


@pytest.mark.parametrize(
    ("filter_name", "value", "left"),
    [
        ("verdict", "PASS", ["C09"]),
        ("profile", "durability", ["J01"]),
        ("causes", "state-missing", ["A01", "B01"]),
        ("causes", "", ["A01", "B01", "C09", "J01"]),
    ],
)
def test_cases_are_filtered(
    page: Page, tmp_path: Path, filter_name: str, value: str, left: list[str]
) -> None:
    """By verdict, profile and cause; how many are left is told."""
    (passed,) = run_of(Verdict.PASS).results
    failed = [failing("A01", "present"), failing("B01", "kind"), failing("J01", "works")]
    (tmp_path / "report.html").write_text(write_html(run_with(*failed, passed)), encoding="utf-8")
    page.open((tmp_path / "report.html").as_uri())
    page.choose(f"select[name={filter_name}]", value)
    assert page.evaluate(f"{VISIBLE}.map((one) => one.id).sort()") == left
    told = page.evaluate("document.querySelector('output').value")
    assert told == f"{len(left)} of 4 cases"


def test_link_to_a_case_unfolds_it(page: Page, report: str) -> None:
    """Also where the filters have hidden it."""
    page.open(f"{report}#D01")
    assert page.evaluate("document.getElementById('D01').open") is True
    page.evaluate("document.querySelector('select[name=profile]').value = 'durability'")
    page.evaluate("filter(); location.hash = '#D02'; reveal()")
    assert page.evaluate(
        "[document.getElementById('D02').open, document.getElementById('D02').hidden]"
    ) == [True, False]


def test_report_is_whole_without_its_script(browser: Browser, report: str) -> None:
    """Cases unfold by themselves; there are no filters that do nothing."""
    with Page(browser, runs_scripts=False) as page:
        page.open(report)
        assert page.evaluate("document.querySelector('.filters').hidden") is True
        page.click("#C10 > summary")
        assert page.evaluate("document.getElementById('C10').open") is True

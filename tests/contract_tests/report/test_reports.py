"""The reports of a run: the same results in every form, and nothing of a client as markup."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_contract_tests.driving.messages import ClientName, Ready
from livestorm_contract_tests.driving.under_test import REFERENCE
from livestorm_contract_tests.report.badge import badge_color, write_shields, write_svg
from livestorm_contract_tests.report.html import write_html
from livestorm_contract_tests.report.junit import write_junit
from livestorm_contract_tests.report.markdown import write_markdown
from livestorm_contract_tests.report.results import Results, read_results, write_json
from livestorm_contract_tests.report.terminal import print_report
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.run import Run
from livestorm_contract_tests.suite.case import Level
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import CaseResult, CheckResult, Verdict
from rich.console import Console

CASE = all_cases()["C09"]


def run_of(verdict: Verdict, text: str = "told", reason: str | None = None) -> Run:
    """Make a run of one case, in which a text that a client chose stands wherever it can."""
    exchange = {
        "seq": 1,
        "method": "POST",
        "path": text,
        "endpoint": "token",
        "status": 400,
        "fault": None,
        "reason": text,
    }
    outcome = {"op": "callback", "kind": "ok", "error": text, "exchanges": [exchange]}
    check = CheckResult(
        check="C09:kind",
        level=Level.MUST,
        verdict=verdict if verdict in (Verdict.FAIL, Verdict.WARN) else Verdict.PASS,
        requirement="it is a failure",
        evidence={"variant": "400", "found": text, "outcomes": [outcome]},
    )
    result = CaseResult(case=CASE, verdict=verdict, checks=[check], reason=reason)
    ready = Ready(protocol=1, client=ClientName(name=text, version="1"), ops=("begin",))
    return Run(client=REFERENCE, ready=ready, settings=Settings(seed="7"), results=[result])


def test_json_has_the_documented_shape() -> None:
    """The canonical report is read back as it was written, and has no time in it."""
    text = write_json(run_of(Verdict.FAIL))
    assert msgspec.json.decode(text, type=Results) == read_results(run_of(Verdict.FAIL))
    document = json.loads(text)
    (case,) = document["cases"]
    assert (case["case"], case["profile"], case["level"], case["verdict"]) == (
        "C09",
        "core",
        "MUST",
        "FAIL",
    )
    assert case["checks"][0]["check"] == "C09:kind"
    assert document["seed"] == "7"


@pytest.mark.parametrize(
    ("verdict", "element"),
    [
        (Verdict.PASS, None),
        (Verdict.WARN, "system-out"),
        (Verdict.FAIL, "failure"),
        (Verdict.HANG, "failure"),
        (Verdict.CRASH, "failure"),
        (Verdict.XPASS, "failure"),
        (Verdict.ERROR, "error"),
        (Verdict.SKIP, "skipped"),
        (Verdict.XFAIL, "skipped"),
    ],
)
def test_junit_has_the_element_of_the_verdict(verdict: Verdict, element: str | None) -> None:
    """CI servers see failures, errors and skips for what they are."""
    report = ET.fromstring(write_junit(run_of(verdict, reason="why")))  # noqa: S314
    testcase = report.find("testsuite/testcase")
    assert testcase is not None
    assert testcase.get("name") == "C09 exchange/jsonapi-error"
    assert [child.tag for child in testcase] == ([] if element is None else [element])


def test_junit_names_the_check() -> None:
    """A failure's type is the check that failed."""
    failure = ET.fromstring(write_junit(run_of(Verdict.FAIL))).find(".//failure")  # noqa: S314
    assert failure is not None
    assert failure.get("type") == "C09:kind"


HOSTILE = ("<script>", "]]>", "| `x` |\n# y", "\0\x1b[31m", "{{ 7 * 7 }}", "[bold]x[/]")


class Tags(HTMLParser):
    """The tags of a page, and what they refer to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.seen.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60) | st.sampled_from(HOSTILE))
def test_no_report_takes_a_client_text_for_markup(text: str) -> None:
    """Whatever a client says, each report stays well-formed and has the same structure."""
    text = "x" + text.encode("utf-8", "replace").decode()
    run, plain = run_of(Verdict.FAIL, text), run_of(Verdict.FAIL, "told")
    ET.fromstring(write_junit(run))  # noqa: S314
    ET.fromstring(write_svg(run))  # noqa: S314
    page = Tags(write_html(run))
    assert page.seen == Tags(write_html(plain)).seen
    assert page.links == []
    lines = write_markdown(run).splitlines()
    assert len(lines) == len(write_markdown(plain).splitlines())
    json.loads(write_json(run))
    json.loads(write_shields(run))
    print_report(run, Console(quiet=True))


def test_terminal_tells_what_failed_and_why() -> None:
    """The requirement, the exchange and the reply stand there."""
    printed = StringIO()
    print_report(run_of(Verdict.FAIL), Console(width=200, file=printed))
    text = printed.getvalue()
    assert "FAIL C09 exchange/jsonapi-error (MUST)" in text
    assert CASE.requirement in text
    assert "1. POST told -> 400" in text
    assert "said ok" in text


def test_skipped_variant_is_told_beside_the_passed_ones() -> None:
    """What was not judged does not look as if it had passed."""
    run = run_of(Verdict.PASS)
    (result,) = run.results
    why = "not-supported: op cancel"
    run = replace(run, results=[replace(result, skipped={"cancelled": why, "gone": why})])
    printed = StringIO()
    print_report(run, Console(width=200, file=printed))
    assert f"  C09 exchange/jsonapi-error (cancelled, gone): {why}" in printed.getvalue()
    assert "Skipped: C09 (cancelled, gone)." in write_markdown(run)
    assert f"cancelled, gone: {why}" in write_html(run)
    assert json.loads(write_json(run))["cases"][0]["skipped"] == {"cancelled": why, "gone": why}


@pytest.mark.parametrize(
    ("verdict", "color"),
    [
        (Verdict.PASS, "brightgreen"),
        (Verdict.FAIL, "red"),
        (Verdict.XPASS, "yellow"),
        (Verdict.SKIP, "lightgrey"),
    ],
)
def test_badge_has_the_color_of_the_verdict(verdict: Verdict, color: str) -> None:
    """Green for all well, red for a severe failure, grey where nothing was judged."""
    assert badge_color(run_of(verdict)) == color


def test_badge_counts_what_was_judged() -> None:
    """A profile for which the client lacks something is not counted."""
    message = json.loads(write_shields(run_of(Verdict.PASS)))["message"]
    assert message == "core not supported"

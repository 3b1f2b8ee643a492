"""The reports of one run, side by side: nothing of a client is markup in any of them."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_contract_tests.driving.under_test import StdioClient
from livestorm_contract_tests.report.badge import write_shields, write_svg
from livestorm_contract_tests.report.files import ReportFiles, write_reports
from livestorm_contract_tests.report.grouping import causes_of
from livestorm_contract_tests.report.html import write_html
from livestorm_contract_tests.report.junit import write_junit
from livestorm_contract_tests.report.markdown import write_markdown
from livestorm_contract_tests.report.results import as_report, write_json
from livestorm_contract_tests.report.sarif import write_sarif
from livestorm_contract_tests.report.terminal import print_report
from livestorm_contract_tests.runs.catalogue import all_cases_and_properties
from livestorm_contract_tests.runs.comparison import compare
from livestorm_contract_tests.runs.plan import Asked
from livestorm_contract_tests.runs.run import Run
from livestorm_contract_tests.suite.causes import causes
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict
from rich.console import Console

from .failing import all_failing, failing, hundred_failures, run_with
from .finished_run import run_of

RFC = r"https://www\.rfc-editor\.org/rfc/rfc\d+(#section-[\d.]+)?"

HOSTILE = ("<script>", "]]>", "| `x` |\n# y", "\0\x1b[31m", "{{ 7 * 7 }}", "[bold]x[/]")


class Tags(HTMLParser):
    """The tags of a page, and what they refer to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.seen.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        self.anchors += [f"#{value}" for name, value in attrs if name == "id"]


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60) | st.sampled_from(HOSTILE))
def test_no_report_takes_a_client_text_for_markup(text: str) -> None:
    """With any text, each report is well-formed and has the tags and lines it has with `told`."""
    text = "x" + text.encode("utf-8", "replace").decode()
    run, plain = run_of(Verdict.FAIL, text), run_of(Verdict.FAIL, "told")
    ET.fromstring(write_junit(run))  # noqa: S314
    ET.fromstring(write_svg(run))  # noqa: S314
    page = Tags(write_html(run))
    assert page.seen == Tags(write_html(plain)).seen
    assert page.links == Tags(write_html(plain)).links
    lines = write_markdown(run).splitlines()
    assert len(lines) == len(write_markdown(plain).splitlines())
    json.loads(write_json(run))
    json.loads(write_shields(run))
    print_report(run, Console(quiet=True), verbose=True)


@pytest.mark.parametrize("odd", ["\x1b", "\x9b", "\u202e", "\u2066", "\u2028"])
def test_no_report_is_steered_by_a_client_text(odd: str) -> None:
    """No control and nothing that turns the reading order is in what people read."""
    run = run_of(Verdict.FAIL, f"a{odd}b", reason=f"c{odd}d")
    shown = StringIO()
    print_report(run, Console(file=shown), verbose=True)
    harmless = "\ufffd" if ord(odd) < 256 else f"\\u{ord(odd):04x}"
    reports = (write_html(run), write_markdown(run), write_junit(run), write_sarif(run))
    for written in (*reports, shown.getvalue()):
        assert odd not in written
        assert f"a{harmless}b" in written.replace("\\\\", "\\")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("thanks @octocat", "thanks @\u200boctocat"),
        ("see #12", "see \\#\u200b12"),
        ("~~x~~ &lt;", "\\~\\~x\\~\\~ \\&lt;"),
    ],
)
def test_markdown_mentions_nobody(text: str, shown: str) -> None:
    """No text of a client calls a person or names an issue of whoever reads it."""
    assert f"found: {shown}\n" in write_markdown(run_of(Verdict.FAIL, text))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("my_old_1.json", "`my_old_1.json`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        ("a``b\\", "```a``b\\```"),
    ],
)
def test_markdown_shows_code_as_it_is(name: str, code: str) -> None:
    """Nothing is escaped in code; backticks are held by more of them."""
    run = run_of(Verdict.FAIL)
    earlier = as_report(run)
    run = replace(run, compared=compare(Path(name), earlier, earlier))
    assert f"Compared with {code}: " in write_markdown(run)


def test_markdown_fits_a_comment_and_says_where_the_rest_is() -> None:
    """A comment of GitHub holds 65,536 characters."""
    text = write_markdown(hundred_failures())
    assert len(text) <= 60_000
    assert text.endswith("**There is more in the HTML report.**\n\n</details>\n")


def test_page_links_to_its_own_parts_and_to_what_says_why() -> None:
    """Each link is that of a cause, an RFC, or an anchor of the page, which has each once."""
    page = Tags(write_html(all_failing()))
    known = {one.link for one in causes().values()}
    others = set(page.links) - known - set(page.anchors)
    assert [link for link in others if not re.fullmatch(RFC, link)] == []
    assert len(set(page.anchors)) == len(page.anchors)


def test_page_links_a_finding_to_the_cause_that_it_is_counted_for() -> None:
    """What only follows from another cause leads to that one."""
    page = write_html(run_with(failing("C09", "reply-fits-journal", "kind")))
    part = page.partition("<code>C09:reply-fits-journal</code>")[2].partition("<h4>")[0]
    assert 'href="#cause-jsonapi-error-taken-for-token"' in part
    assert "cause-report-does-not-fit" not in page


def test_page_shows_code_as_code() -> None:
    """The backticks of a remedy are no part of what is read."""
    page = write_html(run_with(failing("C09", "kind")))
    assert "Then read <code>errors</code> of JSON:API" in page
    assert "`" not in page.partition("<script>")[0]


def test_page_has_an_anchor_for_each_case() -> None:
    """Whatever came out of it."""
    page = Tags(write_html(run_with(failing("C09", "kind"), *run_of(Verdict.SKIP).results)))
    assert "#C09" in page.anchors
    anchors = set(Tags(write_html(hundred_failures())).anchors)
    assert {f"#{name}" for name in all_cases_and_properties()} - anchors == set()


def test_page_links_the_rfc_that_a_case_names() -> None:
    """With the section, where it names one."""
    page = Tags(write_html(run_with(failing("C04", "code-once"))))
    assert "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2" in page.links


def test_page_marks_what_decided_once_for_each_failure() -> None:
    """One sequence for each, in which one step is marked."""
    page = write_html(hundred_failures())
    assert (page.count('<ol class="sequence"'), page.count('class="decided"')) == (100, 100)


@pytest.mark.parametrize("run", [all_failing(), hundred_failures()], ids=["all", "hundred"])
def test_page_of_very_many_failures_is_less_than_a_megabyte(run: Run) -> None:
    """All checks of all cases; a hundred cases with as much evidence as is shown of one."""
    assert len(write_html(run).encode()) < 1_000_000


def test_markdown_is_ten_lines_and_a_fold() -> None:
    """However much failed; the fold has all causes, and ends at the end."""
    run = all_failing()
    before, fold, rest = write_markdown(run).partition("<details>")
    assert len(before.strip().splitlines()) <= 10
    assert fold
    assert [one.cause.title for one in causes_of(run) if one.cause.title not in rest] == []
    assert rest.endswith("</details>\n")


def test_json_has_the_causes_in_their_order() -> None:
    """Each with its cases, its checks and what to do."""
    document = json.loads(write_json(run_with(failing("A01", "present", "unique"))))
    (cause,) = document["causes"]
    assert (cause["cause"], cause["severity"], cause["alone"]) == ("state-missing", "critical", 1)
    assert (cause["cases"], cause["checks"]) == (["A01"], ["A01:present", "A01:unique"])
    assert cause["remedy"] == causes()["state-missing"].remedy


def test_skipped_variant_is_told_beside_the_passed_ones() -> None:
    """Terminal, Markdown, HTML and JSON name the skipped variants of a case that passed."""
    run = run_of(Verdict.PASS)
    (result,) = run.results
    why = "not-supported: op cancel"
    run = replace(run, results=[replace(result, skipped={"cancelled": why, "gone": why})])
    printed = StringIO()
    print_report(run, Console(width=200, file=printed), verbose=True)
    assert f"  C09 exchange/jsonapi-error (cancelled, gone): {why}" in printed.getvalue()
    assert "Skipped: C09 (cancelled, gone)." in write_markdown(run)
    assert f"cancelled, gone: {why}" in write_html(run)
    assert json.loads(write_json(run))["cases"][0]["skipped"] == {"cancelled": why, "gone": why}


def test_only_the_reports_that_have_a_file_are_written(tmp_path: Path) -> None:
    """A badge comes as SVG, and as JSON beside it; the other reports are not there."""
    write_reports(run_of(Verdict.PASS), ReportFiles(badge=tmp_path / "client.svg"))
    assert {one.name for one in tmp_path.iterdir()} == {"client.svg", "client.shields.json"}


def unscored_runs() -> dict[str, Run]:
    """Make runs in which something is not met that is not scored: a check, and a whole case."""
    (result,) = run_of(Verdict.FAIL).results
    (check,) = result.checks
    of_check = replace(result, verdict=Verdict.PASS, checks=[replace(check, scored=False)])
    of_case = replace(result, checks=[replace(check, scored=False)], scored=False)
    return {"check": run_with(of_check), "case": run_with(of_case)}


@pytest.mark.parametrize("what", ["check", "case"])
def test_what_is_not_scored_is_shown_by_every_report(what: str) -> None:
    """It is named, with the set, and fails nothing anywhere."""
    run = unscored_runs()[what]
    told = StringIO()
    print_report(run, Console(width=200, file=told))
    assert "1 not met, and not scored by 2026.1: C09:kind" in told.getvalue()
    assert "\n\nNot met, and not scored by 2026.1: C09:kind\n" in write_markdown(run)
    assert "- `C09:kind` (400, not scored): it is a failure" in write_markdown(run)
    assert "not scored" in write_html(run)
    testcase = ET.fromstring(write_junit(run)).find(".//testcase")  # noqa: S314
    assert testcase is not None
    assert [child.tag for child in testcase] == ["skipped"]
    document = json.loads(write_json(run))
    (case,) = document["cases"]
    assert (case["scored"], case["checks"][0]["scored"]) == (what == "check", False)
    assert document["suite"]["requirements"] == "2026.1"
    assert document["causes"] == []
    assert run.exit_status == 0


def test_one_report_that_breaks_costs_no_other(tmp_path: Path) -> None:
    """Also where it is no error of the system; why is told by the report's name."""
    run = run_of(Verdict.FAIL)
    broken = replace(run, results=[replace(one, hung_at={"odd": 1}) for one in run.results])
    names = ("json", "junit", "sarif", "html", "markdown", "badge")
    files = {name: tmp_path / f"report.{name}" for name in names}
    failed = write_reports(broken, ReportFiles(**files))
    assert set(failed) == {"json", "html"}
    assert "report.json: can't be written: ValidationError" in failed["json"]
    assert {name for name, file in files.items() if file.exists()} == set(names) - set(failed)


def test_text_that_no_encoding_holds_costs_no_report(tmp_path: Path) -> None:
    """Wherever it stands: a client's name, the file of a replay, the command line."""
    odd = "caf\udce9"
    run = run_of(Verdict.FAIL, odd, reason=odd)
    results = [replace(one, replay=odd, skipped={odd: odd}) for one in run.results]
    asked = Asked(options=[odd], chosen=[odd], suggested=odd)
    client = StdioClient(name=odd, command=[odd])
    run = replace(run, client=client, results=results, asked=asked, unfinished=odd)
    files = {name: tmp_path / name for name in ReportFiles.__dataclass_fields__}
    assert write_reports(run, ReportFiles(**files)) == {}
    assert [name for name, file in files.items() if not file.read_text(encoding="utf-8")] == []
    with (tmp_path / "printed").open("w", encoding="utf-8") as printed:
        print_report(run, Console(file=printed))


def test_what_is_better_and_worse_is_told_by_every_report() -> None:
    """The file, the lists, and what else is not as it was; with no list where there is nothing."""
    worse = run_of(Verdict.FAIL, "now")
    earlier = as_report(replace(run_of(Verdict.PASS, "then"), settings=Settings(seed="8")))
    run = replace(worse, compared=compare(Path("<old>.json"), earlier, as_report(worse)))
    told = StringIO()
    print_report(run, Console(width=200, file=told))
    lines = [
        "compared with <old>.json: 1 newly failing",
        "  newly failing: C09:kind (PASS to FAIL)",
        "  not as before: client: then before, now now",
        "  not as before: seed: 8 before, 7 now",
    ]
    assert "\n".join(lines) in told.getvalue()
    assert "mended" not in told.getvalue()
    assert "Compared with `<old>.json`: **1 newly failing**" in write_markdown(run)
    assert ">Compared with &lt;old&gt;.json</h2>" in write_html(run)
    document = json.loads(write_json(run))["compared"]
    assert [one["id"] for one in document["newly_failing"]] == ["C09:kind"]

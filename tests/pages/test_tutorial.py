"""The tutorial is true: played again, each report is what the page says, and each diff mends it."""

import re
from pathlib import Path

import pytest
from livestorm_contract_tests.report.grouping import SEVERITIES
from livestorm_contract_tests.suite.causes import causes

from ..contract_tests.programs import leave_out, need_program
from ..real_clients.node_packages import NodeMissingError
from . import tutorial
from .parts import part_of

TEXT = tutorial.PAGE.read_text(encoding="utf-8")
DIFFS = tutorial.diffs(TEXT)
REPORTS = [part_of(TEXT, f"report {number}") for number in range(1, len(DIFFS) + 2)]
PATIENCE = 0.5
"""So much of the seconds that the suite waits for a client that hangs."""

_TITLE = re.compile(rf"^(?:{'|'.join((*SEVERITIES.values(), 'warning'))}) +(.*) \(", re.MULTILINE)


def titles(report: str) -> list[str]:
    """Give the titles of the causes that a report tells, in its order."""
    return _TITLE.findall(report)


def passed(report: str) -> int:
    """Give how many cases pass."""
    (found,) = re.findall(r" (\d+) PASS", report)
    return int(found)


def without_seconds(report: str) -> str:
    """Leave out how long was waited for a reply."""
    return re.sub(r"no reply within [\d.]+ s", "no reply", report)


@pytest.mark.parametrize(
    "number",
    [
        *range(1, len(REPORTS) - 1),
        pytest.param(len(REPORTS) - 1, marks=pytest.mark.long),
        pytest.param(len(REPORTS), marks=pytest.mark.long),
    ],
)
def test_report_is_what_the_page_says(number: int, tmp_path: Path) -> None:
    """With the diffs before it applied, the client gets this report, and passes at last."""
    need_program("git")
    try:
        example = tutorial.copied_example(tmp_path, DIFFS[: number - 1])
    except NodeMissingError as error:
        leave_out(str(error))
    wanted = tutorial.core(number, of=len(REPORTS))
    run = tutorial.judged(example, wanted, patience=PATIENCE)
    told = tutorial.report(run)
    assert without_seconds(told) == without_seconds(REPORTS[number - 1]), "make tutorial"
    if number == len(REPORTS):
        assert (wanted.fast, wanted.profiles, run.exit_status) == (False, ("core",), 0)


@pytest.mark.parametrize("number", range(1, len(DIFFS) + 1))
def test_diff_mends_what_comes_first(number: int) -> None:
    """The cause is gone from the next report, and more cases pass, of the same variants."""
    before, after = REPORTS[number - 1], REPORTS[number]
    assert titles(before)[0] not in titles(after)
    variants = [tutorial.core(one, of=len(REPORTS)).fast for one in (number, number + 1)]
    assert passed(after) > passed(before) or variants == [True, False]


def test_first_report_fits_one_screen() -> None:
    """Of a client that gets almost everything wrong: ten causes at most, each with its remedy."""
    lines = part_of(TEXT, "first screen").splitlines()[1:-1]
    assert sum(-(-max(1, len(line)) // tutorial.WIDTH) for line in lines) <= 40
    shown = titles("\n".join(lines))
    assert 8 <= len(shown) <= 10
    assert {one.title for one in causes().values()} >= set(shown)
    remedies = [line.partition("FIX: ")[2] for line in lines if line.startswith("  FIX: ")]
    by_title = {one.title: one.first_step for one in causes().values()}
    assert remedies == [by_title[title] for title in shown]


def test_page_shows_the_client() -> None:
    """As it lies in the examples."""
    client = (tutorial.EXAMPLE / "client.js").read_text(encoding="utf-8")
    assert client in part_of(TEXT, "client")


def test_nothing_but_the_client_is_mended() -> None:
    """The adapter serves all steps."""
    changed = re.findall(r"^(?:---|\+\+\+) (.*)$", "".join(DIFFS), re.MULTILINE)
    assert set(changed) == {"a/client.js", "b/client.js"}

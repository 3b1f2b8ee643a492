"""The report in a terminal."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from livestorm_contract_tests.check_options import Wanted, asked_by
from livestorm_contract_tests.driving.messages import ClientName, Ready
from livestorm_contract_tests.driving.under_test import BareClient, ClientUnderTest, StdioClient
from livestorm_contract_tests.report.grouping import causes_of
from livestorm_contract_tests.report.html import write_html
from livestorm_contract_tests.report.markdown import write_markdown
from livestorm_contract_tests.report.progress import progressing
from livestorm_contract_tests.report.terminal import print_report
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.jobs import UnderWay, jobs_of
from livestorm_contract_tests.runs.plan import Plan
from livestorm_contract_tests.runs.run import Run
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict
from rich.console import Console

from .failing import all_failing, failing, run_with
from .finished_run import CASE, run_of


def printed(run: Run, *, width: int = 200, verbose: bool = False) -> str:
    """Give what the report prints."""
    told = StringIO()
    print_report(run, Console(width=width, file=told), verbose=verbose)
    return told.getvalue()


def lines_on_screen(text: str, width: int) -> int:
    """Count the lines that a text takes on a terminal, which breaks those that are too long."""
    return sum(max(1, -(-len(line) // width)) for line in text.splitlines())


@pytest.mark.parametrize("width", [80, 120, 200])
def test_however_much_failed_it_fits_one_screen(width: int) -> None:
    """All checks of all cases: 40 lines, ten causes at most, the number of the others, a command.

    At 80 columns fewer causes fit, and at least eight do.
    """
    run = all_failing()
    text = printed(run, width=width)
    assert lines_on_screen(text, width) <= 40
    shown = text.count("FIX:")
    assert 8 <= shown <= 10
    assert f"and {len(causes_of(run)) - shown} more causes" in text
    assert "livestorm-mock check --client reference --write-baseline" in text


def test_cause_is_told_with_its_counts_and_its_first_step() -> None:
    """Severity, title, how many checks and cases, and what to do."""
    text = printed(run_with(failing("A01", "present", "unique")))
    assert "critical state is missing, guessable or not compared (2 checks, 1 case)" in text
    assert "FIX: Draw a new state of at least 128 random bits" in text
    assert "livestorm-mock check --client reference --case A01 -v" in text


@pytest.mark.parametrize("verdict", [Verdict.HANG, Verdict.CRASH, Verdict.ERROR])
def test_end_tells_its_reason(verdict: Verdict) -> None:
    """Why a case could not be judged to its end stands under the cause."""
    run = run_with(replace(failing("G02"), verdict=verdict, reason="call does not end"))
    assert "call does not end" in printed(run)


def test_nothing_is_written_down_where_nothing_is_known() -> None:
    """Where each case that was put to it ended in an ERROR there is no baseline to write."""
    broken = replace(failing("G02"), verdict=Verdict.ERROR, reason="no message")
    run = run_with(broken, replace(failing("G03"), verdict=Verdict.SKIP))
    assert "--write-baseline" not in printed(run)


@pytest.mark.parametrize(
    ("client", "command"),
    [
        (StdioClient(name="./my client", command=["x"]), "--client './my client'"),
        (BareClient(text="job {base_url}", command=["job"]), "--command 'job {base_url}'"),
    ],
)
def test_next_command_can_be_pasted(client: ClientUnderTest, command: str) -> None:
    """It names the client as the command line did, with what was strict, in one line."""
    run = run_with(failing("A01", "present"))
    run = replace(run, client=client, settings=Settings(seed="7", strict=True))
    pasted = f"livestorm-mock check {command} --strict --case A01 -v"
    assert pasted in printed(run, width=40)


def test_next_command_has_what_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Options that decide how it is judged are in each; what chose the cases writes a baseline."""
    monkeypatch.chdir(tmp_path)
    wanted = Wanted(
        client="http://127.0.0.1:9",
        restart_cmd="./start",
        log_file=Path("app.log"),
        profiles=["core"],
        scenarios=["burst_limit"],
        seed="7",
        variants=True,
        last_failed=True,
    )
    run = replace(run_with(failing("A01", "present")), asked=asked_by(wanted))
    kept = "--restart-cmd ./start --log-file app.log --seed 7 --variants"
    text = printed(run)
    assert f"--client reference {kept} --case A01 -v\n" in text
    chosen = "--profile core --scenario burst_limit --last-failed"
    assert f"--client reference {kept} {chosen} --write-baseline baseline.yaml\n" in text


def test_baseline_that_is_there_is_the_one_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that was named, else the one that lies in the folder."""
    monkeypatch.chdir(tmp_path)
    Path("livestorm_baseline.yaml").touch()
    assert asked_by(Wanted(client="reference")).suggested == "livestorm_baseline.yaml"
    asked = asked_by(Wanted(client="reference", baseline=Path("known.yaml")))
    text = printed(replace(run_with(failing("A01", "present")), asked=asked))
    assert "--baseline known.yaml --case A01 -v\n" in text
    assert "--write-baseline known.yaml\n" in text


def test_cause_of_several_cases_promises_one_of_them() -> None:
    """The command that comes next shows the first case of the cause."""
    one, other = failing("A01", "present"), failing("B01", "no-token-request")
    assert "all of the first: " in printed(run_with(one))
    assert "one of the first: " in printed(run_with(one, other))


def test_run_without_failures_is_two_lines() -> None:
    """The verdicts and the profiles; nothing is left to be done."""
    assert printed(run_of(Verdict.PASS)).split("\n")[1:] == [
        "told 1: 1 PASS, set 2026.1, seed 7",
        "core supported in part: 1 of 1 passed",
        "",
    ]


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        (Verdict.XFAIL, "core supported in part: 1 expected to fail"),
        (Verdict.FAIL, "core supported in part: 0 of 1 passed"),
        (Verdict.SKIP, "core not supported"),
    ],
)
def test_profile_that_asks_for_more_than_the_client_has_is_named_so(
    verdict: Verdict, told: str
) -> None:
    """Not supported is one of which no case was run; else it is told what its cases came to."""
    assert f"\n{told}\n" in printed(run_of(verdict))


def test_property_alone_is_told_to_count_for_no_profile() -> None:
    """It was run, and yet there is no score to tell."""
    assert "\nno profile run\n" in printed(run_with(failing("P01", "INV-2")))


def test_client_without_a_version_is_told_by_its_name_alone() -> None:
    """No blank is left where the version would stand."""
    run = run_of(Verdict.PASS)
    named = replace(run, ready=Ready(protocol=1, client=ClientName(name="job")))
    assert printed(named).split("\n")[1] == "job: 1 PASS, set 2026.1, seed 7"
    assert write_markdown(named).startswith("### job: core")
    assert "<h1>job</h1>" in write_html(named)


def test_stale_baseline_is_told() -> None:
    """What passes though the baseline expects a failure fails the run, and is named."""
    text = printed(run_of(Verdict.XPASS))
    assert "1 passed that the baseline expects to fail: C09" in text


def test_verbose_tells_what_failed_and_why() -> None:
    """Requirement, remedy, exchange and reply stand under the cause."""
    text = printed(run_of(Verdict.FAIL), verbose=True)
    assert "FAIL C09 exchange/jsonapi-error (MUST)" in text
    assert CASE.requirement in text
    assert "https://jsonapi.org/format/#errors" in text
    assert "1. POST told -> 400" in text
    assert "said ok" in text


@pytest.mark.parametrize("is_terminal", [True, False])
def test_progress_leaves_one_line_for_each_profile_at_most(is_terminal: bool) -> None:
    """Elsewhere than on a terminal a profile is named when it is over; there nothing stays."""
    settings = Settings(seed="7")
    cases = [all_cases()[name] for name in ("A01", "A02", "D01")]
    plan = Plan(
        client=run_of(Verdict.PASS).client, jobs=jobs_of(cases, settings), settings=settings
    )
    told = StringIO()
    console = Console(file=told, force_terminal=is_terminal, width=80)
    with progressing(console, plan, UnderWay()) as progress:
        for case in cases:
            progress.tell(failing(case.id, *case.checks))
    assert [name for name in ("core: done", "refresh: done") if name in told.getvalue()] == (
        [] if is_terminal else ["core: done", "refresh: done"]
    )
    assert is_terminal or len(told.getvalue().split("\n\n")[0].splitlines()) == 2


@pytest.mark.parametrize("verbose", [True, False])
def test_text_of_a_client_does_not_steer_the_terminal(verbose: bool) -> None:
    """Colours, titles and bells that it sends are shown as what they are: none of ours."""
    text = printed(
        run_of(Verdict.FAIL, "a\x1b[31mb\x07c\x9b2Jd", reason="\x1b]0;x\x07"), verbose=verbose
    )
    assert [char for char in text if not char.isprintable() and char != "\n"] == []


@pytest.mark.parametrize("verbose", [True, False])
@pytest.mark.parametrize("command", ["::error::x", "  ::stop-commands::x", "##[error]x"])
def test_text_of_a_client_begins_no_line(command: str, verbose: bool) -> None:
    """Further lines stand behind a mark: the runner of CI takes none of them for a command."""
    text = printed(
        run_of(Verdict.FAIL, f"{command}\n{command}\r\nx", reason=f"{command}\n{command}"),
        verbose=verbose,
    )
    begun = [line.strip() for line in text.splitlines()]
    assert [line for line in begun if line.startswith(("::", "##["))] == []


def test_styles_stay_where_they_are_beside_a_text_that_is_escaped() -> None:
    """A name with what turns the reading order changes no colour of what stands behind it."""
    told = StringIO()
    console = Console(width=200, file=told, force_terminal=True, color_system="standard")
    print_report(run_of(Verdict.FAIL, "a\u202eb"), console)
    assert "\x1b[1ma\\u202eb 1:\x1b[0m 1 \x1b[1;31mFAIL\x1b[0m" in told.getvalue()

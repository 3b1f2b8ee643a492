"""What a run leaves behind, whatever can't be written of it, and whatever ends it."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from livestorm_contract_tests.check_command import Checks
from livestorm_contract_tests.check_options import Wanted, read_plan
from livestorm_contract_tests.report.files import ReportFiles
from livestorm_contract_tests.runs.replay import load_replay
from livestorm_contract_tests.usage import UsageError

LAUNCH = "from livestorm_mock_server.cli import main; main()"
ODD = Path(__file__).parent / "driving" / "odd_adapter.py"
NAMES = tuple(ReportFiles.__dataclass_fields__)
REPORTS = {name: Path(f"report.{name}") for name in NAMES}
"""All of them."""


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no replay behind, and find none."""
    monkeypatch.chdir(tmp_path)


def odd(oddity: str, *more: str) -> str:
    """Give the command of an odd client."""
    return shlex.join([sys.executable, str(ODD), oddity, *more])


def wanted(client: str, cases: Sequence[str] = ("C01",), **more: Any) -> Wanted:
    """Ask for all reports on a client."""
    return Wanted(client=client, cases=cases, **{**REPORTS, **more})


def written() -> set[str]:
    """Give the names of the reports that are there and hold something."""
    return {name for name, path in REPORTS.items() if path.is_file() and path.stat().st_size}


def verdicts() -> dict[str, str]:
    """Give what the JSON report says of each case."""
    document = json.loads(REPORTS["json"].read_text(encoding="utf-8"))
    return {case["case"]: case["verdict"] for case in document["cases"]}


def fill_replay() -> dict[str, object]:
    """Have a folder stand where a replay goes."""
    Path(".livestorm-mock/replays/C01.json").mkdir(parents=True)
    return {}


@pytest.mark.parametrize(
    ("asked", "client", "told"),
    [
        (fill_replay, "liar", "--state: .livestorm-mock/replays/C01.json: can't be written"),
        (
            lambda: {"write_baseline": Path("/dev/full")},
            "liar",
            "--write-baseline: /dev/full: can't be written: No space left",
        ),
        (
            lambda: {"write_baseline": Path("known.yaml")},
            "adapter-error",
            "--write-baseline: known.yaml was not written, as nothing is known",
        ),
    ],
)
def test_what_can_not_be_written_costs_no_report(
    asked: Any, client: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The status and a line say what could not; which cases failed is noted all the same."""
    assert Checks().check_once(wanted(odd(client), **asked())) == 3
    assert told in capsys.readouterr().err
    assert written() == set(NAMES)
    assert Path(".livestorm-mock/last-failed.json").read_text(encoding="utf-8") == '["C01"]\n'


def test_replay_that_can_not_be_written_costs_no_other() -> None:
    """Each of the others is named beside its case."""
    fill_replay()
    assert Checks().check_once(wanted(odd("liar"), ["C01", "A01"])) == 3
    document = json.loads(REPORTS["json"].read_text(encoding="utf-8"))
    kept = {case["case"]: case["replay"] for case in document["cases"]}
    assert kept == {"A01": ".livestorm-mock/replays/A01.json", "C01": None}
    assert load_replay(Path(kept["A01"])).case == "A01"


def test_each_output_that_can_not_be_written_has_a_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Two reports and the baseline; the others are there."""
    full = Path("/dev/full")
    asked = wanted(odd("liar"), json=full, html=full, write_baseline=full)
    assert Checks().check_once(asked) == 3
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[1] for line in lines if "can't be" in line] == [
        "--write-baseline",
        "--json",
        "--html",
    ]
    assert written() == set(NAMES) - {"json", "html"}


def test_full_standard_output_costs_no_report() -> None:
    """Neither while the cases run nor at the end."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", LAUNCH, "check", "--client", odd("liar"), "--case", "C01"]
            + [part for name, path in REPORTS.items() for part in (f"--{name}", str(path))],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    assert "Traceback" not in done.stderr
    assert "No space left on device" in done.stderr
    assert written() == set(NAMES)


INTERRUPTS = f"""
import os, runpy, signal, sys, time
from pathlib import Path
if Path("started").exists():
    os.kill(os.getppid(), signal.SIGINT)
    time.sleep(600)
Path("started").touch()
sys.argv[1:] = ["liar"]
runpy.run_path({str(ODD)!r}, run_name="__main__")
"""
"""A client whose second process interrupts the run."""


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--write-baseline", "known.yaml"], "interrupted while what has to be certain was"),
        (["--variants"], 'interrupted under release = "6.0"'),
    ],
)
def test_reports_are_written_where_all_was_judged_once(options: list[str], told: str) -> None:
    """Somebody interrupts what comes after that; they say so. A baseline is not written."""
    client = shlex.join([sys.executable, "-c", INTERRUPTS])
    files = [part for name, path in REPORTS.items() for part in (f"--{name}", str(path))]
    command = ["check", "--client", client, "--case", "C01", "--workers", "1", *options, *files]
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH, *command],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 130, done.stdout + done.stderr
    assert f"livestorm-mock: {told}" in done.stderr
    assert written() == set(NAMES)
    assert verdicts() == {"C01": "FAIL"}
    for name in ("json", "markdown", "html", "junit", "sarif"):
        text = REPORTS[name].read_text(encoding="utf-8")
        assert "interrupted" in text, name
    assert not Path("known.yaml").exists()


def test_client_that_never_gets_ready_leaves_each_report(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each case is an ERROR with what was seen. Nothing is noted or kept, as none was played."""
    assert Checks().check_once(wanted(odd("dies-at-once"), ["C01", "P01"])) == 2
    seen = "the process ended with exit status 1; it printed: no such module"
    assert f"livestorm-mock: the client: {seen}" in capsys.readouterr().err
    assert written() == set(NAMES)
    assert verdicts() == {"C01": "ERROR", "P01": "ERROR"}
    for name in ("json", "junit", "sarif", "html", "markdown"):
        assert "no such module" in REPORTS[name].read_text(encoding="utf-8"), name
    assert not Path(".livestorm-mock").exists()


def test_baseline_does_not_excuse_a_client_that_never_gets_ready() -> None:
    """What is expected to fail was not judged."""
    known = Path("known.yaml")
    known.write_text("expected_failures: [{id: C01, reason: known}]", encoding="utf-8")
    assert Checks().check_once(wanted(odd("not-ready"), baseline=known)) == 2
    assert verdicts() == {"C01": "ERROR"}


def test_command_that_is_not_utf8_costs_no_report(capsys: pytest.CaptureFixture[str]) -> None:
    """Reports are UTF-8 with a sign in its place; a replay has the very same command."""
    client = odd("liar", os.fsdecode(b"caf\xe9"))
    assert Checks().check_once(wanted(client)) == 1
    assert "Traceback" not in capsys.readouterr().err
    assert written() == set(NAMES)
    assert all(path.read_text(encoding="utf-8") for path in REPORTS.values())
    command = json.loads(REPORTS["json"].read_text(encoding="utf-8"))["client"]["command"]
    assert command == client.replace("\udce9", "\ufffd")
    assert load_replay(Path(".livestorm-mock/replays/C01.json")).client == client


@pytest.mark.parametrize("option", ["--seed", "--baseline"])
def test_seed_that_is_not_utf8_is_refused(option: str) -> None:
    """Nothing could be drawn of it; a baseline may hold one as an escape."""
    known = Path("known.yaml")
    known.write_text('seed: "\\udce9"', encoding="utf-8")
    given = {"seed": "\udce9"} if option == "--seed" else {"baseline": known}
    with pytest.raises(UsageError, match=rf"^{option}.*'\\udce9' is no text in UTF-8"):
        read_plan(Wanted(client="reference", **given))


def test_later_run_leaves_the_verdicts_of_what_it_does_not_play(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Reports of `--watch` hold the latest verdict of everything, also where nothing starts."""
    checks, cases = Checks(), ["C01", "D01"]
    assert checks.check_once(wanted(odd("liar"), cases)) == 1
    assert verdicts() == {"C01": "FAIL", "D01": "SKIP"}
    assert checks.check_once(wanted(odd("dies-at-once"), cases, last_failed=True)) == 2
    assert verdicts() == {"C01": "ERROR", "D01": "SKIP"}
    assert checks.check_once(wanted("reference", cases, last_failed=True, workers=1)) == 0
    assert verdicts() == {"C01": "PASS", "D01": "SKIP"}
    assert "--last-failed" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("cases", "told"),
    [(["C01"], "1 case will be run"), (["C01", "D01"], "all 2 cases will be run")],
)
def test_last_failed_says_where_nothing_is_noted(
    cases: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """And what it runs then."""
    assert Checks().check_once(wanted("reference", cases, last_failed=True, workers=1)) == 0
    noted = ".livestorm-mock notes no failure among them"
    assert f"livestorm-mock: --last-failed: {noted}; {told}" in capsys.readouterr().err
    assert set(verdicts()) == set(cases)


def test_report_of_an_unfinished_run_is_of_the_schema() -> None:
    """`unfinished` is a member of it."""
    Checks().check_once(wanted(odd("dies-at-once")))
    document = msgspec.json.decode(REPORTS["json"].read_bytes())
    assert document["unfinished"].startswith("the client: the process ended")

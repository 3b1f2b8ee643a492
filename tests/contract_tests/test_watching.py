"""`check --watch`: what is run when a file changes."""

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from livestorm_contract_tests.check_options import Wanted
from livestorm_contract_tests.runs.failures import keep_failures
from livestorm_contract_tests.runs.run import INTERRUPTED
from livestorm_contract_tests.suite.verdicts import Verdict
from livestorm_contract_tests.usage import UsageError
from livestorm_contract_tests.watching import watch, watched_by

from .report.failing import failing, run_with

LAUNCH = "from livestorm_mock_server.__main__ import main; main()"
GOOD = """\
import runpy
runpy.run_module("livestorm_contract_tests.adapters.reference", {}, "__main__")
"""
WANTED = Wanted(client=f"{sys.executable} client.py", cases=["A01", "C09"], watch=True)


@pytest.fixture(autouse=True)
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a client, in the folder where we are."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "client.py"
    file.write_text("1")
    return file


class Played:
    """Runs that fail by these cases, one after the other; `wanted` is what they were asked for."""

    def __init__(self, *failures: list[str]) -> None:
        self.failures = list(failures)
        self.wanted: list[Wanted] = []
        self.told: list[str] = []
        self.during: Callable[[], object] = lambda: None

    def run(self, wanted: Wanted) -> int:
        """Play one."""
        self.wanted.append(wanted)
        self.during()
        failed = self.failures.pop(0)
        others = {"A01", "C09"} - set(failed)
        results = [failing(one, "kind") for one in failed]
        passed = [failing(one, verdict=Verdict.PASS) for one in others]
        keep_failures(run_with(*results, *passed), wanted.state)
        return 1 if failed else 0

    def watch(self, *edits: Callable[[], object]) -> int:
        """Watch while somebody edits in the pauses, and interrupts after that."""
        left = list(edits)

        def pause(seconds: float) -> None:
            del seconds
            if not left:
                raise KeyboardInterrupt
            left.pop(0)()

        return watch(WANTED, self.run, self.told.append, pause=pause)


def test_what_failed_is_run_when_a_file_changes(client: Path) -> None:
    """With the seed of the first run; the status is that of the last one."""
    played = Played(["C09"], [])
    assert played.watch(lambda: client.write_text("22"), lambda: None) == 0
    assert [one.last_failed for one in played.wanted] == [False, True]
    assert len({one.seed for one in played.wanted}) == 1
    here = client.parent
    assert played.told == [
        f"watching {here}: C09 will be run once a file changes; Ctrl-C ends",
        "client.py changed",
        f"watching {here}: all will be run once a file changes; Ctrl-C ends",
    ]


def test_run_that_nothing_followed_decides(client: Path) -> None:
    """Ctrl-C in the first wait."""
    assert Played(["C09"]).watch() == 1


def test_change_during_a_run_is_not_missed(client: Path) -> None:
    """It begins the next one at once; what changes in each run again does not."""
    played = Played(["C09"], ["C09"], [])
    texts = iter(["22", "333"])
    played.during = lambda: client.write_text(next(texts, "4444"))
    assert played.watch() == 1
    assert len(played.wanted) == 2


def test_wrong_file_ends_nothing(client: Path) -> None:
    """A baseline that is being written is told, and the next change runs again."""
    played = Played([], [], [])
    wrong = iter([False, True, False])

    def during() -> None:
        if next(wrong):
            raise UsageError("--baseline: odd")

    played.during = during
    edits = [lambda: client.write_text("22"), lambda: None, lambda: client.write_text("333")]
    assert played.watch(*edits, lambda: None) == 0
    assert len(played.wanted) == 3
    assert "--baseline: odd" in played.told


def test_interrupted_run_leaves_the_status_of_the_one_before(client: Path) -> None:
    """Nothing is known of what was cut off."""
    statuses = iter([1, INTERRUPTED])
    edits = iter([lambda: client.write_text("22")])
    told: list[str] = []

    def pause(seconds: float) -> None:
        del seconds
        next(edits, lambda: None)()

    assert watch(WANTED, lambda wanted: next(statuses), told.append, pause=pause) == 1
    assert watch(WANTED, lambda wanted: INTERRUPTED, told.append, pause=pause) == INTERRUPTED


def test_client_elsewhere_is_watched_there(tmp_path: Path) -> None:
    """With the folder of each file that its command names, and its program alone."""
    (tmp_path / "here").mkdir()
    script = tmp_path / "there" / "adapter.py"
    script.parent.mkdir()
    script.write_text("")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path / "here")
        watched = watched_by(replace(WANTED, client=f"{sys.executable} {script}"))
    assert watched.folders == {tmp_path / "here", script.parent}
    assert watched.files == {Path(sys.executable)}


def test_reports_are_left_out() -> None:
    """Each run writes them."""
    here = Path.cwd()
    app = replace(WANTED, client="http://127.0.0.1:9", log_file=Path("app.txt"))
    wanted = replace(app, json=Path("a.json"), badge=Path("b.svg"))
    names = ("a.json", "b.svg", "b.shields.json", "app.txt", ".livestorm-mock")
    assert watched_by(wanted).ignored == {here / name for name in names}


def test_command_watches_until_it_is_interrupted(client: Path) -> None:
    """As a process: it fails, a file is mended, it passes, Ctrl-C ends it with 0."""
    client.write_text("raise SystemExit")
    command = ["check", "--client", f"{sys.executable} client.py", "--case", "A01", "--watch"]
    with subprocess.Popen(
        [sys.executable, "-c", LAUNCH, *command], stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        next(line for line in running.stderr if "watching" in line)
        client.write_text(GOOD)
        next(line for line in running.stderr if "client.py changed" in line)
        next(line for line in running.stderr if "watching" in line)
        running.send_signal(signal.SIGINT)
    assert running.returncode == 0

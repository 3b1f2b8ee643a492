"""`livestorm-mock check` and `replay`, as processes."""

import json
import os
import pty
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
from livestorm_contract_tests.check_options import Wanted, read_plan, read_replay
from livestorm_contract_tests.driving.under_test import REFERENCE
from livestorm_contract_tests.runs import requirements
from livestorm_contract_tests.runs.baseline_file import load_baseline
from livestorm_contract_tests.runs.requirements import all_sets, newest

LAUNCH = "from livestorm_mock_server.cli import main; main()"
ODD = Path(__file__).parent / "driving" / "odd_adapter.py"


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no replay behind, and find none."""
    monkeypatch.chdir(tmp_path)


def check(*arguments: str, client: str = "reference") -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(
        [sys.executable, "-c", LAUNCH, "check", "--client", client, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def odd(oddity: str) -> str:
    """Give the command of an odd client."""
    return shlex.join([sys.executable, str(ODD), oddity])


def test_good_client_passes(tmp_path: Path) -> None:
    """C01 passes with status 0; all reports have content, and the badge says `core 1/1`."""
    names = ("json", "junit", "sarif", "html", "markdown", "live")
    files = {name: tmp_path / f"report.{name}" for name in names}
    options = [part for name, file in files.items() for part in (f"--{name}", str(file))]
    badge = tmp_path / "badge.svg"
    done = check("--case", "c01", *options, "--badge", str(badge))
    assert done.returncode == 0, done.stdout + done.stderr
    assert [file for file in files.values() if not file.read_text(encoding="utf-8")] == []
    assert files["live"].read_bytes() == files["html"].read_bytes()
    assert json.loads(badge.with_suffix(".shields.json").read_text())["message"] == "core 1/1"


@pytest.mark.parametrize("option", ["--json", "--html", "--baseline", "--compare", "--state"])
def test_empty_name_of_a_file_is_refused(option: str) -> None:
    """An unset variable of a shell is not the current folder."""
    done = check("--case", "C01", option, "")
    assert done.returncode == 3
    assert "expected a name, not an empty text" in done.stderr
    assert option in done.stderr


def test_run_is_compared_with_an_earlier_one(tmp_path: Path) -> None:
    """What was mended is told; the exit status is that of the run."""
    report = tmp_path / "report.json"
    assert check("--case", "C01", "--json", str(report), client=odd("liar")).returncode == 1
    done = check("--case", "C01", "--compare", str(report), "--json", str(report))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "  mended: C01:reply-fits-journal (FAIL to PASS)" in done.stdout
    assert json.loads(report.read_text())["compared"]["mended"]


def test_lying_client_fails() -> None:
    """`ok` without a request is status 1, told as C01:reply-fits-journal."""
    done = check("--case", "C01", "-v", client=odd("liar"))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "C01:reply-fits-journal" in done.stdout


def test_baseline_that_was_written_makes_the_next_run_pass(tmp_path: Path) -> None:
    """Cases, checks and properties that fail are written down, and fail as expected after that."""
    file, cases = tmp_path / "known.yaml", ("--case", "C01", "--case", "P03", "--case", "A01")
    written = check(*cases, "--write-baseline", str(file), client=odd("liar"))
    assert written.returncode == 0, written.stdout + written.stderr
    assert "want a reason" in written.stderr
    assert load_baseline(file).requirements == "2026.1"
    again = check(*cases, "--baseline", str(file), client=odd("liar"))
    assert again.returncode == 0, again.stdout + again.stderr
    some = ("--case", "C01", "--case", "A01", "--baseline", str(file))
    stale = check(*some)
    assert stale.returncode == 1, stale.stdout + stale.stderr
    updated = check(*some, "--update-baseline")
    assert updated.returncode == 0, updated.stdout + updated.stderr
    left = load_baseline(file).expected_failures
    assert left
    assert {one.id.partition(":")[0] for one in left} == {"P03"}  # It was not run.


def test_what_is_not_known_is_not_written_down(tmp_path: Path) -> None:
    """A case that was skipped makes a client that breaks in all others no known one."""
    file = tmp_path / "known.yaml"
    file.write_text("not_applicable: [{id: A01, reason: no login}]", encoding="utf-8")
    options = ("--case", "A01", "--case", "C01", "--write-baseline", str(file))
    done = check(*options, client=odd("adapter-error"))
    assert done.returncode == 3, done.stdout + done.stderr
    assert "nothing is known" in done.stderr
    assert load_baseline(file).expected_failures == ()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--update-baseline",), "expected --baseline"),
        (("--fast", "--update-baseline", "--baseline", "a.yaml"), "--update-baseline: what passes"),
        (("--baseline", "none.yaml"), "none.yaml: can't be read"),
        (("--write-baseline", "a.yaml", "--baseline", "b.yaml"), "expected the file of --baseline"),
        (("--compare", "none.json"), "--compare: none.json: can't be read"),
        (("--watch", "--write-baseline", "a.yaml"), "--watch: --write-baseline needs a run of all"),
        (("--requirements", "2026"), "--requirements: there is no set '2026'; did you mean"),
        (("--write-baseline", "/dev/full"), "--write-baseline: /dev/full: can't be written"),
    ],
)
def test_wrong_file_is_told(options: tuple[str, ...], words: str) -> None:
    """What is wrong with the options or the file is a line."""
    done = check("--case", "C01", *options, client=odd("liar"))
    assert done.returncode == 3, done.stdout + done.stderr
    assert words in done.stderr


def test_broken_property_is_played_again_from_its_file(tmp_path: Path) -> None:
    """The script in P03.json holds the call that the client lies about, and fails again."""
    done = check("--case", "P03", "--seed", "a", client=odd("liar"))
    assert done.returncode == 1, done.stdout + done.stderr
    file = tmp_path / ".livestorm-mock" / "replays" / "P03.json"
    script = json.loads(file.read_text(encoding="utf-8"))["script"]
    assert "call" in [step["do"] for step in script["steps"]]
    again = subprocess.run(
        [sys.executable, "-c", LAUNCH, "replay", str(file), "--yes"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert again.returncode == 1, again.stdout + again.stderr
    assert "1 FAIL" in again.stdout


@pytest.mark.parametrize(
    ("oddity", "status"),
    [("garbage", 2), ("lost", 1), ("adapter-error", 2), ("dies-at-once", 2), ("not-ready", 2)],
)
def test_exit_status_tells_who_broke(oddity: str, status: int) -> None:
    """A client without a login is status 1; where all that is known is an ERROR it is status 2."""
    assert check("--case", "C01", client=odd(oddity)).returncode == status


def test_same_seed_gives_the_same_results(tmp_path: Path) -> None:
    """Two runs with the seed 7 write the same bytes of JSON."""
    files = [tmp_path / name for name in ("one.json", "two.json")]
    for file in files:
        check("--case", "C01", "--seed", "7", "--json", str(file))
    one, two = (file.read_bytes() for file in files)
    assert one == two


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--case", "C99"], ["--case", "'C99'"]),
        (["--profile", "cor"], ["--profile", "'cor'", "did you mean 'core'?"]),
        (["--baseline", "/nothing/there"], ["--baseline", "/nothing/there", "No such file"]),
        (["--workers", "0"], ["--workers", "0"]),
        (["--case", "C01", "--json", "/nothing/there"], ["--json", "/nothing", "can't be written"]),
    ],
)
def test_wrong_usage_is_one_line(arguments: list[str], words: list[str]) -> None:
    """The option, the value and what was expected stand in one line; the status is 3."""
    done = check(*arguments)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1, done.stderr
    assert all(word in done.stderr for word in words), done.stderr


@pytest.mark.parametrize("client", ["", "'"])
def test_client_that_is_no_command_is_one_line(client: str) -> None:
    """An empty text and an open quotation mark are told under `--client`, with status 3."""
    done = check(client=client)
    assert (done.returncode, "--client" in done.stderr) == (3, True)


def test_set_is_that_of_the_option_or_the_baseline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A baseline keeps the set that it was written by; without either it is the newest one."""
    sets = {"2026.0": msgspec.structs.replace(newest(), name="2026.0"), **all_sets()}
    monkeypatch.setattr(requirements, "all_sets", lambda: sets)
    file = tmp_path / "known.yaml"
    file.write_text('requirements: "2026.0"', encoding="utf-8")
    plan = read_plan(Wanted(client="reference"))
    assert plan.requirements.name == "2026.1"
    plan = read_plan(Wanted(client="reference", baseline=file))
    assert plan.requirements.name == "2026.0"
    plan = read_plan(Wanted(client="reference", baseline=file, requirements="2026.1"))
    assert plan.requirements.name == "2026.1"


def test_app_at_a_url_is_planned_for_one_worker() -> None:
    """An app has one process, so `--workers 8` gives one."""
    plan = read_plan(Wanted(client="http://127.0.0.1:9", workers=8))
    assert plan.settings.workers == 1


@pytest.mark.parametrize(
    "named", [{"client": "touch ran"}, {"command": "touch ran"}, {"client": "http://127.0.0.1:9"}]
)
def test_command_of_a_replay_is_not_run_unasked(tmp_path: Path, named: dict[str, str]) -> None:
    """A file from elsewhere could name any command: it is shown, and nobody here says yes."""
    file = tmp_path / "C01.json"
    file.write_text(json.dumps({**named, "case": "C01", "seed": "1"}), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH, "replay", str(file)],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert next(iter(named.values())) in done.stderr
    assert "--yes" in done.stderr
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(("answer", "runs"), [(b"y\n", True), (b"n\n", False), (b"\n", False)])
def test_person_is_asked_before_a_replay_runs_a_command(
    tmp_path: Path, answer: bytes, runs: bool
) -> None:
    """At a terminal the command is shown first, and only a yes runs it."""
    file = tmp_path / "C01.json"
    file.write_text('{"client": "touch ran", "case": "C01", "seed": "1"}', encoding="utf-8")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", LAUNCH, "replay", str(file)],
        cwd=tmp_path,
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        os.write(ours, answer)
        _, errors = process.communicate(timeout=120)
    os.close(ours)
    os.close(theirs)
    assert b"runs or calls: touch ran" in errors
    assert (tmp_path / "ran").exists() == runs


def test_console_without_a_character_ends_nothing(tmp_path: Path) -> None:
    """What a client says is told in whatever characters the console has, and costs no report."""
    client = odd("foreign-words")
    command = [sys.executable, "-c", LAUNCH, "check", "-v", "--case", "E08", "--client", client]
    done = subprocess.run(
        [*command, "--html", "page.html", "--json", "results.json", "--junit", "junit.xml"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (1, False)
    assert b"FAIL E08" in done.stdout
    told = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert "日本 🦊" in str(told)
    assert "日本 🦊" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_replay_is_put_to_another_client_where_one_is_given(tmp_path: Path) -> None:
    """`--client` takes the place of the bare command that the file names."""
    file = tmp_path / "C01.json"
    file.write_text('{"command": "job {base_url}", "case": "C01", "seed": "1"}', encoding="utf-8")
    assert read_replay(file, None).client.name == "command: job {base_url}"
    assert read_replay(file, "reference").client is REFERENCE


HANGS = """
import json, os, subprocess, sys, time
from pathlib import Path
folder, ready = Path(sys.argv[1]), int(sys.argv[2])
(folder / str(os.getpid())).touch()
if sum(1 for one in folder.iterdir() if one.name.isdecimal()) <= ready:
    print(json.dumps({"type": "ready", "protocol": 1, "ops": ["begin", "callback"]}), flush=True)
    sys.stdin.readline()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
draft = folder / f"{os.getpid()}.draft"
draft.write_text(f"{os.getpid()} {child.pid}")
draft.rename(draft.with_suffix(".pids"))
time.sleep(600)
"""
"""A client of which so many processes get ready, and each hangs, then or before, with a child."""


@pytest.mark.parametrize(
    ("number", "ready", "hanging"),
    [(signal.SIGINT, 99, 1), (signal.SIGTERM, 99, 1), (signal.SIGINT, 0, 1), (signal.SIGINT, 1, 3)],
)
def test_interrupted_run_ends_at_once_with_its_clients(
    tmp_path: Path, number: int, ready: int, hanging: int
) -> None:
    """Nothing that is queued is begun; what is known is told, and no process is left.

    Neither is one that is just being started, be it the first or another.
    """
    client = shlex.join([sys.executable, "-c", HANGS, str(tmp_path), str(ready)])
    running = subprocess.Popen(
        [sys.executable, "-c", LAUNCH, "check", "--client", client, "--json", "report.json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with running:
        began = wait_for_files(tmp_path, "*.pids", hanging)
        running.send_signal(number)
        told, errors = running.communicate(timeout=60)
    assert running.returncode == 130, told + errors
    assert "livestorm-mock: interrupted after " in errors
    assert ("under way: " in errors) == (ready > 0)
    assert not (tmp_path / "report.json").exists()
    assert [one for one in began if is_alive(one)] == []


NEVER_REPLIES = """
import json, sys
print(json.dumps({"type": "ready", "protocol": 1, "ops": ["begin", "callback"]}), flush=True)
sys.stdin.read()
"""
"""A client that hangs in the first case that it is put to."""


def test_run_is_followed_while_it_runs(tmp_path: Path) -> None:
    """The page tells of a case that is over while another one is under way."""
    page = tmp_path / "live.html"
    client = shlex.join([sys.executable, "-c", NEVER_REPLIES])
    cases = ("--case", "D01", "--case", "A01", "--live", str(page))
    with subprocess.Popen(
        [sys.executable, "-c", LAUNCH, "check", "--client", client, *cases],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:
        ends_at = time.monotonic() + 60
        while not (page.exists() and "1 of 2 cases are judged" in page.read_text()):
            assert time.monotonic() < ends_at
            assert running.poll() is None
        running.send_signal(signal.SIGTERM)
        running.wait(60)
    assert "interrupted after 1 of 2 cases" in page.read_text()


def test_replay_that_is_terminated_ends_with_its_client(tmp_path: Path) -> None:
    """As a run of `check` does: its client has a group of its own, which nobody else ends."""
    client = shlex.join([sys.executable, "-c", HANGS, str(tmp_path), "0"])
    file = tmp_path / "C01.json"
    file.write_text(json.dumps({"client": client, "case": "C01", "seed": "1"}), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-c", LAUNCH, "replay", str(file), "--yes"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        began = wait_for_files(tmp_path, "*.pids", 1)
        running.send_signal(signal.SIGTERM)
        _, errors = running.communicate(timeout=60)
    assert (running.returncode, "interrupted after 0 of 1 cases" in errors) == (130, True)
    assert [one for one in began if is_alive(one)] == []


def wait_for_files(folder: Path, pattern: str, number: int) -> list[int]:
    """Give the process ids in files, as soon as there are so many."""
    ends_at = time.monotonic() + 60
    while time.monotonic() < ends_at:
        if len(found := list(folder.glob(pattern))) >= number:
            return [int(one) for file in found for one in file.read_text().split()]
    raise TimeoutError(f"no {pattern} in {folder}")


def is_alive(process: int) -> bool:
    """Tell whether a process runs, or is about to end."""
    ends_at = time.monotonic() + 10
    while time.monotonic() < ends_at:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        if state == "Z":
            return False
    return True


def test_who_needs_no_properties_no_http_and_no_page_does_not_wait_for_them() -> None:
    """The loop at the keyboard is short: what draws scripts or pages is loaded when one is due."""
    late = ("httpx", "hypothesis", "cryptography", "jinja2", "junitparser", "rich.progress")
    code = (
        "import sys, livestorm_contract_tests.check_command;"
        "from livestorm_contract_tests.runs.catalogue import all_cases_and_properties as all_there;"
        "all_there();"
        f"print({{*{late!r}}} & {{*sys.modules}})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"

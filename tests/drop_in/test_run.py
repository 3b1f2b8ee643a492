"""`livestorm-mock run`: the command is as it would be without it, but for the fake."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .commands import LAUNCH, OURSELVES, REACH, SECONDS, ended, python

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="run needs Linux or macOS")

TELLS_SIGNALS = """
import os, signal, sys
names = sys.argv[1:]
def tell(number, frame):
    os.write(1, f"{signal.Signals(number).name}\\n".encode())  # print is not reentrant
    if number == signal.SIGTERM:
        sys.exit(7)
for name in names:
    signal.signal(getattr(signal, name), tell)
print("ready", flush=True)
while True:
    signal.pause()
"""
PASSED_ON = "SIGHUP SIGINT SIGQUIT SIGUSR1 SIGUSR2 SIGWINCH SIGCONT".split()
TELLS_WHO_SENT = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere the system does not say who sent a signal"
)
WAYS = pytest.mark.parametrize("isolate", ["auto", "never"])


@WAYS
@pytest.mark.parametrize("status", [0, 255])
def test_exit_status_is_the_commands_own(isolate: str, status: int) -> None:
    """Whatever the command says at its end is said."""
    ends = f"{REACH}\nsys.exit({status})"
    assert OURSELVES.run("--isolate", isolate, *python(ends)).returncode == status


@WAYS
@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL"])
def test_command_that_a_signal_ends_is_told_as_by_a_shell(isolate: str, name: str) -> None:
    """128 and the number of the signal."""
    number = getattr(signal, name)
    done = OURSELVES.run("--isolate", isolate, "--", "sh", "-c", f"kill -{number} $$")
    assert done.returncode == 128 + number


@WAYS
def test_command_that_there_is_not(isolate: str) -> None:
    """127, and its name on standard error."""
    done = OURSELVES.run("--isolate", isolate, "--", "no-such-command", "x")
    assert (done.returncode, done.stdout) == (127, "")
    assert done.stderr.startswith("livestorm-mock: no-such-command: command not found\n")


@WAYS
def test_command_that_is_no_program(isolate: str, tmp_path: Path) -> None:
    """126, and the reason."""
    text = tmp_path / "notes.txt"
    text.write_text("no program\n")
    done = OURSELVES.run("--isolate", isolate, "--", str(text))
    assert done.returncode == 126
    assert done.stderr.startswith(f"livestorm-mock: {text}: Permission denied\n")


@WAYS
def test_command_that_asks_nothing_fails(isolate: str) -> None:
    """4, and what to try."""
    done = OURSELVES.run("--isolate", isolate, "--", "true")
    assert (done.returncode, done.stdout) == (4, "")
    assert "no request reached the fake" in done.stderr
    assert "doctor" in done.stderr


@pytest.mark.parametrize("path", ["/_mock/health", "/s/none/_mock/health"])
def test_request_that_steers_the_fake_does_not_count(path: str) -> None:
    """4 for a command that used nothing but the control API."""
    asks = REACH.replace("/v1/ping", path)
    assert OURSELVES.run(*python(asks)).returncode == 4


def test_failure_of_the_command_is_not_hidden() -> None:
    """A command that fails by itself has its own status, also where it asked nothing."""
    assert OURSELVES.run("--", "sh", "-c", "exit 3").returncode == 3


@pytest.mark.parametrize("least", ["error", "warning"])
def test_finding_of_the_audit_fails(least: str) -> None:
    """5, where the command did something of that severity, or a worse one."""
    sends = "http.client.HTTPConnection('app.livestorm.co')"
    told = REACH.replace(
        'http.client.HTTPConnection(urlsplit(os.environ["LIVESTORM_APP_URL"]).netloc)', sends
    )
    done = OURSELVES.run("--fail-on", least, *python(told))
    assert "warning: plain http" in done.stderr
    assert done.returncode == (5 if least == "warning" else 0)


@WAYS
def test_environment_has_what_serve_prints(isolate: str) -> None:
    """The members of the JSON line, each as a variable; what stood there before stays."""
    prints = f"import json, os\nprint(json.dumps(dict(os.environ)))\n{REACH}"
    done = OURSELVES.run("--isolate", isolate, *python(prints), variables={"OWN": "kept"})
    found = json.loads(done.stdout)
    assert set(found) >= {
        "LIVESTORM_APP_URL",
        "LIVESTORM_API_URL",
        "LIVESTORM_CLIENT_ID",
        "LIVESTORM_CLIENT_SECRET",
        "LIVESTORM_PUBLIC_CLIENT_ID",
        "LIVESTORM_PRIVATE_TOKEN",
        "LIVESTORM_REDIRECT_URI",
        "LIVESTORM_REDIRECT_URIS",
        "LIVESTORM_MOCK_CONTROL_URL",
        "LIVESTORM_MOCK_OTHER_URL",
        "LIVESTORM_MOCK_CA_FILE",
    }
    assert found["LIVESTORM_API_URL"] == f"{found['LIVESTORM_APP_URL']}/v1"
    assert found["OWN"] == "kept"


@WAYS
def test_streams_are_the_commands_own(isolate: str) -> None:
    """What goes in comes out, byte for byte; of `run` there is nothing on standard output."""
    data = bytes(range(256)) * 4096
    pipe = subprocess.PIPE
    command = ("--isolate", isolate, "--", "sh", "-c", "cat; printf 'to\\0err' >&2; exit 9")
    with ended(OURSELVES.start(*command, stdin=pipe, stdout=pipe, stderr=pipe)) as process:
        output, errors = process.communicate(data, SECONDS)
    assert output == data
    assert errors.startswith(b"to\0errlivestorm-mock: ")
    assert process.returncode == 9


@pytest.mark.parametrize("number", [0, 1, 2])
def test_closed_stream_is_closed_for_the_command(number: int) -> None:
    """A closed standard stream is not filled with anything."""
    told = f"import os, sys\ntry: os.fstat({number})\nexcept OSError: sys.exit(51)"
    with ended(
        OURSELVES.start(
            *python(told),
            preexec_fn=lambda: os.close(number),
        )
    ) as process:
        assert process.wait(SECONDS) == 51


def test_further_descriptors_are_passed_on() -> None:
    """Whatever else is inherited is there, as for a job server of make."""
    read, write = os.pipe()
    with os.fdopen(read, "rb") as stream:
        told = f"import os, sys\nos.write({write}, b'here')\nsys.exit(1)"
        process = OURSELVES.start(*python(told), pass_fds=[write])
        os.close(write)
        with ended(process):
            assert process.wait(SECONDS) == 1
        assert stream.read() == b"here"


@TELLS_WHO_SENT
@WAYS
def test_signals_of_other_processes_are_passed_on(isolate: str) -> None:
    """What is sent to `run` alone reaches the command, once; SIGTERM, too."""
    command = ("--isolate", isolate, *python(TELLS_SIGNALS, *PASSED_ON, "SIGTERM"))
    with ended(OURSELVES.start(*command, stdout=subprocess.PIPE)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        for name in PASSED_ON:
            process.send_signal(getattr(signal, name))
            assert process.stdout.readline() == f"{name}\n".encode()
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == b"SIGTERM\n"
        assert process.wait(SECONDS) == 7


@pytest.mark.parametrize("name", ["SIGHUP", "SIGCHLD"])
def test_ignored_signal_stays_ignored(name: str) -> None:
    """Under nohup or an odd supervisor, the command ignores what it would without `run`."""
    told = f"import signal, sys\nsys.exit(60 + (signal.getsignal(signal.{name}) == signal.SIG_IGN))"
    with ended(
        OURSELVES.start(
            *python(told),
            preexec_fn=lambda: signal.signal(getattr(signal, name), signal.SIG_IGN),
        )
    ) as process:
        assert process.wait(SECONDS) == 61


def test_broken_pipe_ends_the_command() -> None:
    """SIGPIPE is as the system has it, and not as Python does."""
    done = OURSELVES.run("--", "sh", "-c", "kill -s PIPE $$; exit 1")
    assert done.returncode == 128 + signal.SIGPIPE


@TELLS_WHO_SENT
def test_stop_of_run_is_seen_and_ends() -> None:
    """Whoever waits for `run` sees that it has stopped, and that it goes on."""
    command = python(TELLS_SIGNALS, "SIGTSTP", "SIGTERM")
    with ended(OURSELVES.start(*command, stdout=subprocess.PIPE)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGTSTP)
        assert process.stdout.readline() == b"SIGTSTP\n"
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == b"SIGTERM\n"
        assert process.wait(SECONDS) == 7


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """A terminal: the person's side, and the command's."""
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)


def test_key_of_a_terminal_reaches_the_command_once(terminal: tuple[int, int]) -> None:
    """Ctrl-C goes to the command by itself, which has the terminal, and `run` goes on."""
    ours, theirs = terminal
    told = TELLS_SIGNALS.replace('print("ready"', 'print("ready", *map(os.isatty, (0, 1, 2))')
    process = OURSELVES.start(
        *python(told, "SIGINT", "SIGUSR1", "SIGTERM"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=_take_terminal,
    )
    os.close(theirs)
    with ended(process):
        assert _read_until(ours, b"\n").strip() == b"ready True True True"
        os.write(ours, b"\x03")
        assert b"SIGINT" in _read_until(ours, b"\n")
        process.send_signal(signal.SIGUSR1)
        assert _read_until(ours, b"\n").strip() == b"SIGUSR1"
        process.send_signal(signal.SIGTERM)
        assert _read_until(ours, b"\n").strip() == b"SIGTERM"
        _read_until(ours, b"no request reached the fake")
        assert process.wait(SECONDS) == 7


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _read_until(terminal: int, end: bytes) -> bytes:
    seen = b""
    while not seen.endswith(end):
        ready, _, _ = select.select([terminal], [], [], SECONDS)
        assert ready, seen
        seen += os.read(terminal, 1)
    return seen


@pytest.mark.parametrize(
    "wrong", [("--scenario", "no-such"), ("--report", "/no/such/folder/report.json")]
)
def test_wrong_usage_starts_nothing(tmp_path: Path, wrong: tuple[str, str]) -> None:
    """3 and a line, for a scenario that there is not, and a report that can't be written."""
    mark = tmp_path / "mark"
    done = OURSELVES.run(*wrong, "--", "touch", str(mark))
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert not mark.exists()


def test_way_that_is_refused_to_the_end_says_why() -> None:
    """The last one that there is can fail as well; nothing is started then."""
    refuse = f"""
from livestorm_mock_server.interception.environment import EnvironmentWay
def enter(self):
    raise OSError("no room for a guard")
EnvironmentWay.enter = enter
{LAUNCH}"""
    done = subprocess.run(
        [sys.executable, "-c", refuse, "run", "--isolate", "never", *python("print('begun')")],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.splitlines()[-1] == "livestorm-mock: no room for a guard"


def test_report_is_written_for_programs(tmp_path: Path) -> None:
    """`--report` has what the table has."""
    path = tmp_path / "report.json"
    assert OURSELVES.run("--report", str(path), *python(REACH)).returncode == 0
    written = json.loads(path.read_text())
    assert (written["status"], written["exit_status"], written["attempts"]) == (0, 0, [])
    assert [one["requests"] for one in written["visits"]] == [1]


def test_options_of_the_provider_hold() -> None:
    """`--release` and `--auto-approve` are heeded as by serve."""
    asks = f"""{REACH}
from urllib.parse import urlencode
query = urlencode(dict(
    client_id=os.environ["LIVESTORM_CLIENT_ID"], response_type="code",
    redirect_uri=os.environ["LIVESTORM_REDIRECT_URI"], scope="identity:read"))
connection.request("GET", f"/oauth/authorize?{{query}}")
sys.exit(connection.getresponse().status - 250)
"""
    assert OURSELVES.run("--auto-approve", "--release", "5.5", *python(asks)).returncode == 52

"""Accidents of the machine: a full disk, a clock that is set back, an output that nobody reads."""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from livestorm_client import FileStore, LivestormClient, Tokens
from livestorm_contract_tests.runs.whole_file import write_whole
from livestorm_mock_server import MockLivestorm

from ..mock_server.forks import in_fork
from ..mock_server.served import LAUNCH, SECONDS, Served
from ..mock_server.wire import exchange, frame

COMMAND = [sys.executable, "-c", LAUNCH]
CHECK = [*COMMAND, "check", "--client", "reference", "--case", "C01"]

# To this process, the disk is full after so many bytes of a file: EFBIG, which Python tells as
# it tells ENOSPC.
ROOM = 64

OLD = Tokens(access_token="old", refresh_token="old")
NEW = Tokens(access_token="new" * ROOM, refresh_token="new")

# Python warns of forks where there are threads.
forking = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def with_full_disk(work: Callable[[], object]) -> str:
    """Do a work in a fork that has no room for more than a few bytes in a file."""

    def limited() -> object:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))
        return work()

    return in_fork(limited)


def contents(folder: Path) -> dict[str, str]:
    """Give what the files of a folder hold."""
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}


@forking
def test_full_disk_leaves_the_file_before_it(tmp_path: Path) -> None:
    """What can't be written whole is not written: no half of a report or replay, no draft."""
    file = tmp_path / "report.json"
    file.write_text("the last one", encoding="utf-8")
    told = with_full_disk(lambda: write_whole(file, b"x" * 2 * ROOM))
    assert told == f"OSError: [Errno 27] File too large: '{file}'"
    assert contents(tmp_path) == {"report.json": "the last one"}


@forking
def test_full_disk_leaves_no_new_file(tmp_path: Path) -> None:
    """Where there was none, there is none."""
    told = with_full_disk(lambda: write_whole(tmp_path / "report.json", b"x" * 2 * ROOM))
    assert (told.startswith("OSError"), contents(tmp_path)) == (True, {})


@forking
def test_full_disk_leaves_the_stored_tokens(tmp_path: Path) -> None:
    """The reference client names the file, keeps what it had, and leaves no draft."""
    store = FileStore(tmp_path / "tokens.json")
    store.save(OLD)
    told = with_full_disk(lambda: store.save(NEW))
    assert told == f"ConfigurationError: cannot write {tmp_path}/tokens.json: File too large"
    assert [store.load(), len(contents(tmp_path))] == [OLD, 1]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")
def test_report_without_room_is_one_line(tmp_path: Path) -> None:
    """It is named, with status 3; the verdict is told, and the other reports are whole."""
    done = subprocess.run(
        [*CHECK, "--html", "/dev/full", "--junit", "junit.xml", "--badge", "badge.svg"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    line = "livestorm-mock: --html: /dev/full: can't be written: No space left on device\n"
    assert (done.returncode, done.stderr, "1 PASS" in done.stdout) == (3, line, True)
    assert set(contents(tmp_path)) == {"badge.shields.json", "badge.svg", "junit.xml"}


def test_check_goes_on_when_nobody_reads_it(tmp_path: Path) -> None:
    """`check | head` has its reports, and the status of its verdict."""
    with subprocess.Popen(
        [*CHECK, "--json", "results.json"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as checking:
        assert checking.stdout is not None
        assert checking.stderr is not None
        checking.stdout.close()
        assert checking.stderr.read() == ""
    assert checking.returncode == 0
    assert json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))


def test_serve_goes_on_when_its_line_was_read() -> None:
    """`serve | head -1` has told all that it tells there."""
    served = Served("--json")
    try:
        url = served.describes_itself()["app_url"]
        served.stdout.close()
        assert exchange(url, frame("GET", "/v1/ping")).status == 401
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(SECONDS) == 0
    finally:
        served.kill()


@pytest.mark.parametrize("arguments", [["scenarios"], ["serve", "--port", "0"]])
def test_output_that_nobody_reads_ends_the_command(arguments: list[str]) -> None:
    """Where nobody takes what it has to tell, it ends in silence, with status 1."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, *arguments],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


class SteppingClock:
    """The time of this process, until it is set back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import time

        self._real, self._behind = time.time, 0.0
        monkeypatch.setattr(time, "time", lambda: self._real() - self._behind)

    def set_back(self, seconds: float) -> None:
        """Set it back."""
        self._behind += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SteppingClock:
    """The clock of this machine."""
    return SteppingClock(monkeypatch)


def ping(livestorm: MockLivestorm, token: object) -> int:
    """Use an access token; give the status."""
    headers = [("Authorization", f"Bearer {token}")]
    return exchange(livestorm.app_url, frame("GET", "/v1/ping", headers)).status


def test_clock_set_back_does_not_disorder_the_journal(clock: SteppingClock) -> None:
    """Numbers, moments and durations of exchanges go on as real time does."""
    with MockLivestorm(rate_limits=False) as livestorm:
        token = livestorm.issue_tokens()["access_token"]
        for _ in range(3):
            assert ping(livestorm, token) == 200
            clock.set_back(3600)
        entries = livestorm.journal.entries()
    moments = [moment for one in entries for moment in (one.wall, one.answered_at)]
    assert moments == sorted(moments, key=lambda moment: moment or 0)
    assert [one.event for one in entries] == sorted(one.event or 0 for one in entries)


def test_clock_set_back_ends_no_token_and_no_limit(clock: SteppingClock) -> None:
    """A token lives on, and requests are counted and let through again as before."""
    with MockLivestorm() as livestorm:
        token = livestorm.issue_tokens()["access_token"]
        assert ping(livestorm, token) == 200
        clock.set_back(86_400)
        assert [ping(livestorm, token) for _ in range(8)].count(429) > 0
        livestorm.clock.advance(2)
        assert ping(livestorm, token) == 200


def test_clock_set_back_does_not_move_a_clock_that_stands(clock: SteppingClock) -> None:
    """Virtual time that is frozen stays, and goes on from where it stood."""
    with MockLivestorm() as livestorm:
        livestorm.clock.freeze()
        before = livestorm.clock.now()
        clock.set_back(3600)
        assert livestorm.clock.now() == before
        livestorm.clock.resume()
        assert before <= livestorm.clock.now() < before + 60


def test_client_refreshes_after_a_clock_set_back(clock: SteppingClock) -> None:
    """Its tokens seem to live longer than they do; the 401 tells, and one refresh mends it."""
    with MockLivestorm(rate_limits=False) as livestorm:
        client = LivestormClient(
            client_id=livestorm.client_id,
            client_secret=livestorm.client_secret,
            redirect_uri=livestorm.redirect_uri,
            app_url=livestorm.app_url,
            api_url=livestorm.api_url,
        )
        request = client.authorization_request()
        tokens = client.connect(request, livestorm.authorize(request.url))
        clock.set_back(86_400)
        livestorm.expire_token(tokens.access_token)
        assert client.me()["type"] == "users"
        refreshed = livestorm.journal.entries(endpoint="token.refresh_token")
        assert len(refreshed) == 1

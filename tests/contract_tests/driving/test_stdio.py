"""The carrier over standard input and output, with adapters that break the protocol."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from livestorm_contract_tests.driving import carrier as carriers
from livestorm_contract_tests.driving.carrier import (
    AdapterFailed,
    Crash,
    DrivingError,
    Garbage,
    Hang,
    wait_for,
)
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.driving.messages import Reply
from livestorm_contract_tests.driving.stdio import StdioCarrier

ODD = Path(__file__).parent / "odd_adapter.py"
COMMAND: dict[str, object] = {"type": "command", "op": "call"}

PRINTS_AND_ANSWERS = """
import json, sys
print(json.dumps({"type": "ready", "protocol": 1}), flush=True)
for line in sys.stdin:
    number = json.loads(line)["id"]
    sys.stderr.write(f"<{number}>")
    sys.stderr.flush()
    print(json.dumps({"type": "result", "kind": "ok", "id": number}), flush=True)
"""

Start = Callable[[str], StdioCarrier]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start the odd adapter; it is ended with the test."""
    started: list[StdioCarrier] = []

    def begin(oddity: str) -> StdioCarrier:
        carrier = StdioCarrier([sys.executable, str(ODD), oddity], ready_seconds=10)
        started.append(carrier)
        return carrier

    yield begin
    for carrier in started:
        carrier.kill()


def ask(carrier: StdioCarrier, deadline_ms: float = 10_000) -> Reply:
    """Send a command and wait for its reply."""
    return wait_for(carrier.submit(dict(COMMAND)), carrier, deadline_ms)


def test_reply_comes_back(start: Start) -> None:
    """What is asked is answered, as often as it is asked."""
    carrier = start("none")
    assert [ask(carrier).kind for _ in range(3)] == [Kind.OK] * 3


@pytest.mark.parametrize(
    ("oddity", "error"),
    [
        ("garbage", Garbage),
        ("list", Garbage),
        ("unknown-id", Garbage),
        ("odd-id", Garbage),
        ("long-line", Garbage),
        ("unknown-kind", Garbage),
        ("half-line", Garbage),
        ("adapter-error", AdapterFailed),
        ("crash", Crash),
    ],
)
def test_broken_protocol_is_told(start: Start, oddity: str, error: type[DrivingError]) -> None:
    """Each way to break the protocol has its own name."""
    carrier = start(oddity)
    with pytest.raises(error):
        ask(carrier)


@pytest.mark.parametrize("oddity", ["repeated-id", "answered-and-unsupported"])
def test_repeated_id_ends_the_child(start: Start, oddity: str) -> None:
    """A second reply to the same command can't be trusted, nor what comes after it."""
    carrier = start(oddity)
    ask(carrier)
    with pytest.raises(Garbage, match="not asked or is answered already"):
        ask(carrier)
    assert not carrier.is_alive


def ask_and_cancel(carrier: StdioCarrier) -> Reply:
    """Send a command, cancel it, and wait for its reply."""
    pending = carrier.submit(dict(COMMAND))
    carrier.cancel(pending)
    return wait_for(pending, carrier, 10_000)


@pytest.mark.parametrize(
    ("oddity", "kind"),
    [
        ("cancelled", Kind.CANCELLED),
        ("cancel-unknown", Kind.UNSUPPORTED),
        ("cancel-late", Kind.OK),
    ],
)
def test_cancelled_command_is_answered_in_its_own_name(
    start: Start, oddity: str, kind: Kind
) -> None:
    """What says that `cancel` is not known is no second reply, before and after the command's."""
    carrier = start(oddity)
    assert [ask_and_cancel(carrier).kind for _ in range(2)] == [kind] * 2


def test_cancelled_command_is_answered_once(start: Start) -> None:
    """Who knows `cancel` has no reason for a second reply."""
    carrier = start("cancelled-twice")
    assert ask_and_cancel(carrier).kind is Kind.CANCELLED
    with pytest.raises(Garbage, match="not asked or is answered already"):
        ask_and_cancel(carrier)


def test_answered_command_is_not_cancelled(start: Start) -> None:
    """The client does not hear of it: it would answer once more."""
    carrier = start("cancelled")
    pending = carrier.submit(dict(COMMAND))
    carrier.cancel(pending)
    wait_for(pending, carrier, 10_000)
    carrier.cancel(pending)
    assert ask_and_cancel(carrier).kind is Kind.CANCELLED


def test_crash_names_the_exit_status(start: Start) -> None:
    """How the process ended is told, also to those who ask later."""
    carrier = start("crash")
    for _ in range(2):
        with pytest.raises(Crash, match="exit status 7"):
            ask(carrier)


def test_hang_ends_the_child(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """After deadline and grace the child is killed."""
    monkeypatch.setattr(carriers, "GRACE_SECONDS", 0.1)
    carrier = start("hang")
    with pytest.raises(Hang):
        ask(carrier, deadline_ms=100)
    assert not carrier.is_alive


@pytest.mark.parametrize(
    ("oddity", "words"),
    [
        ("not-ready", "no JSON"),
        ("old-protocol", "protocol 0"),
        ("dies-at-once", "exit status 1; it printed: no such module"),
    ],
)
def test_client_that_gets_not_ready_is_told(start: Start, oddity: str, words: str) -> None:
    """What went wrong before the first message is told, with the last words."""
    carrier = start(oddity)
    for _ in range(2):
        with pytest.raises(AdapterFailed, match=words):
            _ = carrier.ready


def test_client_that_never_gets_ready_is_told() -> None:
    """There is a limit to waiting."""
    carrier = StdioCarrier([sys.executable, str(ODD), "never-ready"], ready_seconds=0.2)
    with pytest.raises(AdapterFailed, match="not ready within"):
        _ = carrier.ready
    assert not carrier.is_alive


def test_command_that_is_not_there_is_told() -> None:
    """A command that can't be started is named."""
    with pytest.raises(AdapterFailed, match="'/nothing/there' can't be started"):
        StdioCarrier(["/nothing/there"])


def test_events_and_prints_are_kept(start: Start) -> None:
    """Events stand apart from replies, and standard error is drained whatever its size."""
    carrier = start("chatty")
    ask(carrier)
    assert [event["event"] for event in carrier.events] == ["log"]
    carrier.stop()
    assert len(carrier.printed()) == 500_000


def test_end_of_input_ends_the_child_in_order(start: Start) -> None:
    """`stop` closes the input; the exit status is given."""
    assert start("none").stop() == 0


@pytest.fixture
def _busy() -> Iterator[None]:
    """Keep another thread busy, so that threads get their turn late."""
    done = threading.Event()

    def work() -> None:
        while not done.is_set():
            sum(range(1000))

    thread = threading.Thread(target=work)
    thread.start()
    yield
    done.set()
    thread.join()


@pytest.mark.usefixtures("_busy")
def test_what_is_printed_before_a_reply_is_there_with_it() -> None:
    """A check of standard error misses nothing that came before the reply."""
    carrier = StdioCarrier([sys.executable, "-c", PRINTS_AND_ANSWERS])
    seen = []
    for _ in range(50):
        carrier.submit({"type": "command"}).result(10)
        seen.append(carrier.printed().count(b"<"))
    assert carrier.stop() == 0
    assert seen == list(range(1, 51))
    assert carrier.printed().endswith(b"<50>")


LEAVES_A_CHILD = """
import json, subprocess, sys
print(json.dumps({"type": "ready", "protocol": 1}), flush=True)
line = sys.stdin.readline()
waits = [sys.executable, "-c", "import time; time.sleep(600)"]
kept = subprocess.Popen(waits, start_new_session=%s)
print(kept.pid, file=sys.stderr, flush=True)
"""


@pytest.mark.parametrize("has_left", [False, True])
def test_child_that_is_left_with_the_pipes_keeps_nobody(has_left: bool) -> None:
    """The end of the adapter is a crash at once; its child ends with it, unless it left the group.

    The child has the adapter's standard output and error, which do not end while it lives.
    """
    carrier = StdioCarrier([sys.executable, "-c", LEAVES_A_CHILD % has_left], ready_seconds=10)
    with pytest.raises(Crash, match="exit status 0"):
        ask(carrier, deadline_ms=60_000)
    carrier.kill()
    child = int(carrier.printed())
    if has_left:
        os.kill(child, signal.SIGKILL)
    else:
        assert ends(child)


def ends(process: int) -> bool:
    """Wait until a process of somebody else has ended, for ten seconds at most."""
    ends_at = time.monotonic() + 10
    while time.monotonic() < ends_at:
        status = Path(f"/proc/{process}/stat")
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
    return False

"""Starting and stopping the fake from several threads, from within, and where it fails."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from livestorm_mock_server import MockLivestorm, served, server_thread
from livestorm_mock_server.server import Server
from livestorm_mock_server.server_thread import NotStartedError

from .wire import Wire, exchange, frame

SECONDS = 20
DESCRIPTORS = Path("/proc/self/fd")

PING = frame("GET", "/v1/ping")


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """Eight threads."""
    with ThreadPoolExecutor(8) as pool:
        yield pool


OTHERS: list[threading.Thread] = []
"""What was there before the test: other tests' servers may live as long as the session."""


@pytest.fixture(autouse=True)
def others() -> None:
    """Note which threads are there."""
    OTHERS[:] = threading.enumerate()


def threads_of_fakes() -> list[threading.Thread]:
    """Give the threads of the test's own fakes."""
    threads = [one for one in threading.enumerate() if one not in OTHERS]
    return [one for one in threads if one.name == "livestorm-mock"]


def at_once(pool: ThreadPoolExecutor, *works: Callable[[], object]) -> list[object]:
    """Do works at once, each in a thread; give their results, or what they raised."""
    barrier = threading.Barrier(len(works))

    def begin(work: Callable[[], object]) -> object:
        barrier.wait(SECONDS)
        return work()

    futures: list[Future[object]] = [pool.submit(begin, work) for work in works]
    return [one.exception(SECONDS) or one.result() for one in futures]


def test_one_of_several_threads_starts_it(threads: ThreadPoolExecutor) -> None:
    """All others are told that it is started; there is one server, and it answers."""
    livestorm = MockLivestorm()
    results = at_once(threads, *[livestorm.start] * 8)
    try:
        assert results.count(livestorm) == 1
        assert sorted({str(one) for one in results if one is not livestorm}) == [
            "the fake is started already"
        ]
        assert (len(threads_of_fakes()), exchange(livestorm.app_url, PING).status) == (1, 401)
    finally:
        livestorm.stop()
    assert threads_of_fakes() == []


def test_several_threads_stop_it(threads: ThreadPoolExecutor) -> None:
    """Each returns when it has ended."""
    livestorm = MockLivestorm().start()
    assert at_once(threads, *[livestorm.stop] * 8) == [None] * 8
    assert (livestorm.is_running, threads_of_fakes()) == (False, [])


def test_starts_and_stops_at_once_leave_nothing(threads: ThreadPoolExecutor) -> None:
    """However they meet, the worst is that it is started already, and a last stop ends all."""
    livestorm = MockLivestorm()
    for _ in range(5):
        results = at_once(threads, *[livestorm.start, livestorm.stop] * 4)
        told = {str(one) for one in results if isinstance(one, Exception)}
        assert told <= {"the fake is started already"}
    livestorm.stop()
    assert threads_of_fakes() == []


def test_stop_leaves_no_call_waiting(threads: ThreadPoolExecutor) -> None:
    """Whoever asks for something just then gets it, or learns that nothing runs."""
    for _ in range(10):
        livestorm = MockLivestorm().start()
        works: list[Callable[[], object]] = [livestorm.issue_tokens] * 6
        results = at_once(threads, *works, livestorm.stop)
        told = {str(one) for one in results if isinstance(one, Exception)}
        assert told <= {"the fake is not started; use it in a with block, or call start()"}


def test_stop_ends_a_call_under_way(threads: ThreadPoolExecutor) -> None:
    """A call that would take a minute ends with the server."""
    livestorm = MockLivestorm().start()
    fault = livestorm.faults.arm("authorize", "delay", seconds=60)
    future = threads.submit(livestorm.authorize)
    while not fault.hits:  # The loop that counts them runs between two of these calls.
        livestorm.issue_tokens()
    livestorm.stop()
    assert future.exception(SECONDS) is not None


def test_stop_ends_who_waits_for_exchanges(threads: ThreadPoolExecutor) -> None:
    """There will be none; whether it had begun to wait or not, it is told."""
    livestorm = MockLivestorm().start()
    future = threads.submit(livestorm.wait_for_exchanges, 60)
    livestorm.stop()
    error = future.exception(SECONDS)
    assert isinstance(error, NotStartedError) or future.result() == []


class CallsWithin(logging.Handler):
    """Makes a call in the server's thread, when something is logged there."""

    def __init__(self, call: Callable[[], object]) -> None:
        super().__init__()
        self.told: list[str] = []
        self._call = call

    def emit(self, record: logging.LogRecord) -> None:
        """Make the call."""
        try:
            self._call()
        except RuntimeError as error:
            self.told.append(str(error))


@pytest.fixture
def call_within() -> Iterator[Callable[[MockLivestorm, Callable[[], object]], list[str]]]:
    """Has a call made in the server's thread; gives what was raised."""
    log, handlers = logging.getLogger("livestorm_mock_server.exchanges"), []

    def make(livestorm: MockLivestorm, call: Callable[[], object]) -> list[str]:
        handlers.append(CallsWithin(call))
        log.addHandler(handlers[-1])
        with Wire(livestorm.app_url) as wire:
            wire.send(b"nonsense\r\n\r\n")
            wire.read_to_end()
        return handlers[-1].told

    yield make
    for one in handlers:
        log.removeHandler(one)


CallWithin = Callable[[MockLivestorm, Callable[[], object]], list[str]]


def test_server_is_stopped_from_within(call_within: CallWithin) -> None:
    """In its own thread a stop can't wait for the end, which comes all the same."""
    livestorm = MockLivestorm().start()
    (thread,) = threads_of_fakes()
    assert call_within(livestorm, livestorm.stop) == []
    thread.join(SECONDS)
    assert not livestorm.is_running


def test_call_from_within_is_refused(call_within: CallWithin) -> None:
    """It would wait for itself; the server goes on."""
    with MockLivestorm() as livestorm:
        (told,) = call_within(livestorm, livestorm.issue_tokens)
        assert "the fake's own thread can't wait" in told
        assert livestorm.issue_tokens()


def fail(*arguments: object, **keywords: object) -> None:
    """Fail."""
    raise OSError("for the test")


async def fail_in_time(*arguments: object, **keywords: object) -> None:
    """Fail once it is awaited."""
    raise OSError("for the test")


@pytest.mark.skipif(not DESCRIPTORS.exists(), reason="no /proc lists the descriptors")
@pytest.mark.parametrize(
    ("owner", "name", "failing"),
    [
        pytest.param(server_thread, "new_event_loop", fail, id="event loop"),
        pytest.param(threading.Thread, "start", fail, id="thread"),
        pytest.param(server_thread, "open_sandbox", fail_in_time, id="sandbox"),
        pytest.param(Server, "open_door", fail_in_time, id="door"),
        pytest.param(served, "describe", fail_in_time, id="description"),
    ],
)
def test_failed_start_leaves_nothing_open(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, failing: object
) -> None:
    """Neither a descriptor nor a thread stays, and the next start has the same port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    livestorm, before = MockLivestorm(port=port), len(os.listdir(DESCRIPTORS))
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, failing)
        with pytest.raises(OSError, match="for the test"):
            livestorm.start()
    assert (len(os.listdir(DESCRIPTORS)), threads_of_fakes()) == (before, [])
    with livestorm:
        assert exchange(livestorm.app_url, PING).status == 401


@pytest.mark.skipif(not DESCRIPTORS.exists(), reason="no /proc lists the descriptors")
def test_second_port_that_is_taken_leaves_nothing_open() -> None:
    """The first listener is closed again."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        before = len(os.listdir(DESCRIPTORS))
        with pytest.raises(OSError, match="can't listen"):
            MockLivestorm(other_port=taken.getsockname()[1]).start()
        assert len(os.listdir(DESCRIPTORS)) == before

"""The client in a process that is forked while its threads are at work."""

import os
import signal
import threading
from collections.abc import Callable

import pytest
from livestorm_client import LivestormClient, MemoryStore
from livestorm_client.pacing import Gate
from livestorm_mock_server import MockLivestorm

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system"),
    # Python warns of forks where there are threads, which is what is tested here.
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
]

SECONDS = 20


def status_of_fork(work: Callable[[], object]) -> int:
    """Do a work in a fork; give 0, 1 where it raised, or the signal that ended it when it hung."""
    process = os.fork()
    if process == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(SECONDS)
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitpid(process, 0)[1]


def test_fork_is_not_held_back_by_a_pause_that_is_being_noted() -> None:
    """A thread that was within the gate at the fork is not in it afterwards."""
    within, go_on = threading.Event(), threading.Event()
    parent = os.getpid()

    def clock() -> float:
        if os.getpid() == parent:
            within.set()
            go_on.wait(SECONDS)
        return 1.0

    gate = Gate(clock)
    thread = threading.Thread(target=gate.pause, args=(1.0,))
    thread.start()
    within.wait(SECONDS)
    try:
        assert status_of_fork(lambda: gate.reserve(0)) == 0
    finally:
        go_on.set()
        thread.join()


def test_fork_has_the_lock_of_its_memory_to_itself() -> None:
    """A thread that replaces the tokens at the fork does not do so there; here it still does."""
    store = MemoryStore()

    def take() -> None:
        with store.lock() as held:
            assert held

    with store.lock():
        assert status_of_fork(take) == 0
        with store.lock() as held:
            assert not held


def test_fork_calls_and_refreshes() -> None:
    """The client has no thread and no connection between two calls, and so misses none."""
    with MockLivestorm() as livestorm:
        client = LivestormClient(
            client_id=livestorm.client_id,
            client_secret=livestorm.client_secret,
            redirect_uri=livestorm.redirect_uri,
            app_url=livestorm.app_url,
            api_url=livestorm.api_url,
        )
        request = client.authorization_request()
        client.connect(request, livestorm.authorize(request.url))
        assert status_of_fork(lambda: [client.me(), client.refresh(), client.me()]) == 0

"""The fake in a process that is forked: the server stays with the parent."""

import multiprocessing
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from livestorm_mock_server import MockLivestorm, embedding
from livestorm_mock_server.listeners import Listeners

from .forks import SECONDS, idle_fork, in_fork
from .wire import Wire, exchange, frame

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system"),
    # Python warns of forks where there are threads, which is what is tested here.
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
]

Use = Callable[[MockLivestorm], object]

PING = frame("GET", "/v1/ping")

# Ends its block, and itself as an interpreter, in the fork; then in the parent.
EXITS = """
import os, sys
from livestorm_mock_server import MockLivestorm
with MockLivestorm() as livestorm:
    process = os.fork()
    if process == 0:
        sys.exit(0)
    print(os.waitpid(process, 0)[1])
    print(livestorm.issue_tokens()["token_type"])
"""


def uses(**named: Use) -> pytest.MarkDecorator:
    """Parametrise by uses of the fake."""
    return pytest.mark.parametrize(
        "use", [pytest.param(use, id=name) for name, use in named.items()]
    )


@uses(
    issue_tokens=lambda livestorm: livestorm.issue_tokens(),
    reset=lambda livestorm: livestorm.reset(),
    authorize=lambda livestorm: livestorm.authorize(),
    clock=lambda livestorm: livestorm.clock.advance(1),
    faults=lambda livestorm: livestorm.faults.arm("api", "delay", seconds=1),
    journal=lambda livestorm: livestorm.journal.entries(),
    wait_for_exchanges=lambda livestorm: livestorm.wait_for_exchanges(),
    export_har=lambda livestorm: livestorm.export_har(),
    audit=lambda livestorm: livestorm.audit(),
    sandbox=lambda livestorm: livestorm.sandbox(),
    put_scenario=lambda livestorm: livestorm.put_scenario("happy_path"),
)
def test_fork_is_told_where_the_fake_runs(use: Use) -> None:
    """What needs the server, or would change a copy that no request meets, is refused."""
    with MockLivestorm() as livestorm:
        told = in_fork(lambda: use(livestorm))
        assert told.startswith(f"NotStartedError: the fake runs in process {os.getpid()}"), told


@uses(
    app_url=lambda livestorm: livestorm.app_url,
    client_secret=lambda livestorm: livestorm.client_secret,
    private_token=lambda livestorm: livestorm.private_token,
    origin=lambda livestorm: livestorm.origin,
    ping=lambda livestorm: exchange(livestorm.app_url, PING).status,
)
def test_fork_can_be_a_client(use: Use) -> None:
    """URLs and credentials are at hand, and the server answers."""
    with MockLivestorm() as livestorm:
        assert in_fork(lambda: use(livestorm)) == repr(use(livestorm))


@uses(
    stop=lambda livestorm: livestorm.stop(),
    close=lambda livestorm: livestorm.close(),
    exit=lambda livestorm: livestorm.__exit__(None, None, None),
    is_running=lambda livestorm: livestorm.is_running or None,
)
def test_fork_ends_nothing_of_the_parents(use: Use) -> None:
    """In a fork nothing runs, and so there is nothing to end; the parent's server goes on."""
    with MockLivestorm() as livestorm, Wire(livestorm.app_url) as wire:
        assert in_fork(lambda: use(livestorm)) == "None"
        wire.send(PING)
        assert wire.read().status == 401
        assert livestorm.issue_tokens()
        assert exchange(livestorm.app_url, PING).status == 401


def test_fork_closes_no_sandbox_of_the_parents() -> None:
    """The end of a sandbox's block in a fork leaves the sandbox."""
    with MockLivestorm() as livestorm, livestorm.sandbox() as sandbox:
        assert in_fork(sandbox.close) == "None"
        assert sandbox.issue_tokens()


def test_fork_starts_a_fake_of_its_own() -> None:
    """Whether the same or a new one: both answer in the fork, the parent's goes on."""
    with MockLivestorm() as livestorm:

        def start() -> list[int]:
            with livestorm, MockLivestorm() as other:
                return [exchange(one.app_url, PING).status for one in (livestorm, other)]

        assert in_fork(start) == "[401, 401]"
        assert exchange(livestorm.app_url, PING).status == 401


def test_fork_starts_what_a_thread_was_about_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread is not in the fork, and nobody waits for it there."""
    livestorm, begun, go_on = MockLivestorm(), threading.Event(), threading.Event()

    def wait(*arguments: object, **keywords: object) -> Listeners:
        begun.set()
        go_on.wait(SECONDS)
        return Listeners("127.0.0.1", 0)

    monkeypatch.setattr(embedding, "open_listeners", wait)
    thread = threading.Thread(target=livestorm.start)
    thread.start()
    begun.wait(SECONDS)
    monkeypatch.undo()
    try:
        assert in_fork(lambda: livestorm.start().is_running) == "True"
    finally:
        go_on.set()
        thread.join()
        livestorm.stop()


def test_fork_keeps_no_connection_open() -> None:
    """A client sees its connection end with the server, though a fork had inherited it."""
    with MockLivestorm() as livestorm, Wire(livestorm.app_url) as wire:
        wire.send(PING)
        wire.read()
        with idle_fork():
            livestorm.stop()
            assert wire.receive() == b""


def test_fork_does_not_listen() -> None:
    """After the stop, no client waits for ever in the queue of a fork."""
    with MockLivestorm() as livestorm:
        port = livestorm.port
        with idle_fork():
            livestorm.stop()
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port), timeout=SECONDS)


def test_fork_ends_as_an_interpreter() -> None:
    """It leaves the block and exits without waiting, and with nothing on standard error."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-c", EXITS],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "0\nBearer\n", "")


def test_process_of_multiprocessing_is_a_fork_too() -> None:
    """What is handed to it is refused there as well, and its end disturbs nothing."""
    with MockLivestorm() as livestorm:
        forking = multiprocessing.get_context("fork")
        queue = forking.SimpleQueue()
        process = forking.Process(target=_tell, args=(livestorm, queue))
        process.start()
        told = queue.get()
        process.join(SECONDS)
        assert (process.exitcode, "of which this one is a fork" in told) == (0, True)
        assert livestorm.issue_tokens()


def _tell(livestorm: MockLivestorm, queue: "multiprocessing.SimpleQueue[str]") -> None:
    try:
        livestorm.issue_tokens()
    except RuntimeError as error:
        queue.put(str(error))

"""What runs out: file descriptors, the patience of whoever ends a fake that nobody reads from."""

import errno
import os
import resource
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from livestorm_mock_server import MockLivestorm

from ..mock_server.forks import in_fork
from ..mock_server.served import Served, assert_wrong_usage, run
from ..mock_server.wire import Wire, exchange, frame

MANY = 10_000
PING = frame("GET", "/v1/ping")
WITHOUT_UVLOOP = "import sys; sys.modules['uvloop'] = None;"
LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({0}, {0}));"
DESCRIPTORS = Path("/proc/self/fd")


@pytest.mark.parametrize("before", ["", WITHOUT_UVLOOP], ids=["uvloop", "asyncio"])
def test_clients_wait_for_descriptors(before: str) -> None:
    """One line names the limit and what to do; who waits is answered once others have left."""
    served = Served("--json", "--quiet", "--no-rate-limits", before=before + LIMITED.format(60))
    try:
        url = served.describes_itself()["app_url"]
        with ExitStack() as first, ExitStack() as others:
            for _ in range(50):
                first.enter_context(Wire(url))
            waiting = [others.enter_context(Wire(url)) for _ in range(20)]
            told = served.wait_for_error()
            for wire in waiting:
                wire.send(PING)
            first.close()
            assert [wire.read().status for wire in waiting] == [401] * 20
        assert "new clients have to wait: too few file descriptors" in told
        assert "may have 60 at once" in told
        assert "ulimit -n" in told
        assert served.end(signal.SIGTERM) == (0, "", "")
    finally:
        served.kill()


@pytest.mark.parametrize("before", ["", WITHOUT_UVLOOP], ids=["uvloop", "asyncio"])
def test_exhausted_server_answers_who_is_connected(before: str) -> None:
    """It has kept a few descriptors for what it loads late: the consent page, the control API."""
    served = Served("--json", "--quiet", "--no-rate-limits", before=before + LIMITED.format(60))
    try:
        described = served.describes_itself()
        query = f"response_type=code&client_id={described['client_id']}&redirect_uri="
        with ExitStack() as opened, Wire(described["app_url"]) as first:
            for _ in range(60):
                opened.enter_context(Wire(described["app_url"]))
            assert "new clients have to wait" in served.wait_for_error()
            for path in (
                f"/oauth/authorize?{query}{described['redirect_uris'][0]}",
                "/_mock/faults",
                "/_mock/journal",
                "/_mock/audit",
                "/_mock/openapi.json",
            ):
                first.send(frame("GET", path))
                assert first.read().status == 200
        assert served.end(signal.SIGTERM) == (0, "", "")
    finally:
        served.kill()


@pytest.mark.parametrize("limit", [8, 16, 32])
def test_serve_without_descriptors_is_one_line(limit: int) -> None:
    """Too few to begin with: it says so, with the status of any start that fails."""
    done = run("serve", "--port", "0", before=LIMITED.format(limit))
    assert_wrong_usage(done, "too few file descriptors", f"may have {limit} at once", "ulimit -n")


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.skipif(not DESCRIPTORS.exists(), reason="no /proc lists the descriptors")
def test_process_without_descriptors_survives_the_start() -> None:
    """The fake in a process raises an OSError; libuv would end the process."""

    def start() -> None:
        limit = len(os.listdir(DESCRIPTORS)) + 8
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
        MockLivestorm().start()

    assert in_fork(start).startswith(f"OSError: [Errno {errno.EMFILE}] too few file descriptors")


@pytest.fixture
def most_connections() -> Iterator[int]:
    """Give how many connections a process may hold here, at most 10,000."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MANY + 500 if hard == resource.RLIM_INFINITY else min(hard, MANY + 500)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    yield min(MANY, wanted - 500)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_ten_thousand_idle_connections_stop_nothing(
    most_connections: int, record_property: Callable[[str, object], None]
) -> None:
    """A request on a new connection is answered, and one on the oldest.

    Where the system allows fewer descriptors, there are as many connections as it allows.
    """
    record_property("connections", most_connections)
    served = Served("--json", "--quiet")
    try:
        url = served.describes_itself()["app_url"]
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        with ExitStack() as opened, Wire(url) as oldest:
            for _ in range(most_connections):
                opened.enter_context(socket.create_connection(address))
            assert exchange(url, PING).status == 401
            oldest.send(PING)
            assert oldest.read().status == 401
            assert served.end(signal.SIGTERM) == (0, "", "")
    finally:
        served.kill()


@pytest.fixture
def huge(tmp_path: Path) -> Iterator[Served]:
    """A fake with an answer that is larger than what the system keeps of it."""
    file = tmp_path / "huge.toml"
    file.write_text(f"[[resources]]\npath = '/v1/huge'\njson = {{text = '{'x' * 16_000_000}'}}\n")
    served = Served("--json", "--quiet", "--scenario", str(file), "--journal-bytes", "2000000000")
    yield served
    served.kill()


def request_of_huge(described: Mapping[str, str]) -> bytes:
    """Frame the request for it."""
    return frame("GET", "/v1/huge", [("Authorization", described["private_token"])])


def test_readers_that_do_not_read_are_dropped_after_the_grace(huge: Served) -> None:
    """Neither a stream of events nor a large answer that nobody takes holds up the end."""
    described = huge.describes_itself()
    with Wire(described["app_url"]) as answer, Wire(described["app_url"]) as stream:
        stream.send(frame("GET", "/_mock/journal/stream"))
        stream.receive()
        answer.send(request_of_huge(described))
        answer.receive()
        status, _, errors = huge.end(signal.SIGTERM)
    assert status == 0
    assert "it waits up to 3 s for 2 requests in flight; Ctrl-C ends it now\n" in errors


def test_slow_reader_has_its_answer_within_the_grace(huge: Served) -> None:
    """An answer that is under way at the signal is sent to its end, and then the fake ends."""
    described = huge.describes_itself()
    with Wire(described["app_url"]) as wire:
        wire.send(request_of_huge(described))
        first = wire.receive()
        huge.process.send_signal(signal.SIGTERM)
        assert "a request in flight" in huge.wait_for_error()
        assert len(first) + len(wire.read_to_end()) > 16_000_000
    assert huge.end_input() == (0, "", "")

"""The fake inside a Python process."""

import asyncio
import errno
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from livestorm_mock_server import (
    InvalidInputError,
    MockLivestorm,
    ProviderOptions,
    Scenario,
    ScenarioError,
)

from .wire import Wire, exchange, frame


def ping(livestorm: MockLivestorm) -> int:
    """Give the status of a ping."""
    return exchange(livestorm.app_url, frame("GET", "/v1/ping")).status


def threads() -> set[threading.Thread]:
    """Give the fake's threads."""
    return {thread for thread in threading.enumerate() if thread.name == "livestorm-mock"}


def assert_nothing_listens(livestorm: MockLivestorm) -> None:
    """Check that no connection is accepted any more."""
    parts = urlsplit(livestorm.origin)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((parts.hostname, parts.port), timeout=5)


def test_server_answers_from_its_start() -> None:
    """Inside the block, the first request is answered."""
    with MockLivestorm() as livestorm:
        assert ping(livestorm) == 401


def test_server_leaves_nothing_running() -> None:
    """After the block there is neither a thread nor a listener."""
    before = threads()
    with MockLivestorm() as livestorm:
        ping(livestorm)
    assert threads() == before
    assert_nothing_listens(livestorm)


def test_server_stops_while_a_client_waits() -> None:
    """A request in flight does not hold the stop up."""
    with MockLivestorm() as livestorm:
        livestorm.faults.arm("api", "delay", seconds=60)
        wire = Wire(livestorm.app_url)
        wire.send(frame("GET", "/v1/ping"))
        began = time.monotonic()
    assert time.monotonic() - began < 5
    wire.close()


def test_start_and_stop_are_quick() -> None:
    """Of several starts and stops, the quickest takes under 20 ms each."""

    def measure() -> tuple[float, float]:
        began = time.monotonic()
        livestorm = MockLivestorm().start()
        started = time.monotonic()
        livestorm.stop()
        return started - began, time.monotonic() - started

    starts, stops = zip(*(measure() for _ in range(10)), strict=True)
    assert min(starts) < 0.02
    assert min(stops) < 0.02


def test_server_can_be_stopped_twice() -> None:
    """A second stop does nothing."""
    livestorm = MockLivestorm().start()
    livestorm.stop()
    livestorm.stop()


def test_server_that_was_never_started_can_be_stopped() -> None:
    """A stop without a start does nothing."""
    MockLivestorm().stop()


def test_server_can_be_started_again() -> None:
    """After its stop, a server starts anew."""
    livestorm = MockLivestorm()
    with livestorm:
        token = str(livestorm.issue_tokens()["access_token"])
    with livestorm:
        assert ping(livestorm) == 401
        with pytest.raises(InvalidInputError):
            livestorm.revoke_token(token)


def test_server_that_runs_is_not_started_twice() -> None:
    """A second start is refused and disturbs nothing."""
    with MockLivestorm() as livestorm:
        with pytest.raises(RuntimeError, match="is started already"):
            livestorm.start()
        assert ping(livestorm) == 401


@pytest.mark.parametrize(
    "use",
    [
        pytest.param(lambda livestorm: livestorm.app_url, id="app_url"),
        pytest.param(lambda livestorm: livestorm.clock, id="clock"),
        pytest.param(lambda livestorm: livestorm.origin, id="origin"),
        pytest.param(lambda livestorm: livestorm.reset(), id="reset"),
        pytest.param(lambda livestorm: livestorm.authorize(), id="authorize"),
        pytest.param(lambda livestorm: livestorm.sandbox(), id="sandbox"),
    ],
)
def test_server_that_is_not_started_says_so(use: Callable[[MockLivestorm], object]) -> None:
    """Without a `with` block there is nothing to use, and that is what the error says."""
    with pytest.raises(RuntimeError, match="the fake is not started"):
        use(MockLivestorm())


def test_server_that_is_not_started_has_no_attributes() -> None:
    """Whoever looks for an attribute learns that it is not there yet."""
    livestorm = MockLivestorm()
    assert not hasattr(livestorm, "app_url")
    assert not hasattr(livestorm, "origin")


def test_server_that_was_stopped_says_so() -> None:
    """After the block, an operation is refused."""
    with MockLivestorm() as livestorm:
        pass
    with pytest.raises(RuntimeError, match="the fake is not started"):
        livestorm.issue_tokens()


def test_two_servers_run_side_by_side() -> None:
    """Each server has its own port and its own tokens."""
    with MockLivestorm(rate_limits=False) as one, MockLivestorm(rate_limits=False) as two:
        token = one.issue_tokens()["access_token"]
        request = frame("GET", "/v1/ping", [("Authorization", f"Bearer {token}")])
        assert exchange(one.app_url, request).status == 200
        assert exchange(two.app_url, request).status == 401


def test_server_runs_inside_an_event_loop() -> None:
    """A coroutine may start, use and stop it."""

    async def use() -> int:
        with MockLivestorm() as livestorm:
            livestorm.issue_tokens()
            async with httpx.AsyncClient(trust_env=False) as client:
                return (await client.get(f"{livestorm.api_url}/ping")).status_code

    assert asyncio.run(use()) == 401


def test_server_keeps_the_callers_event_loop() -> None:
    """The loop of the caller's thread is not replaced."""

    async def use() -> bool:
        before = asyncio.get_running_loop()
        with MockLivestorm():
            return asyncio.get_running_loop() is before

    assert asyncio.run(use())


@pytest.mark.parametrize(
    ("scenario", "options", "error", "words"),
    [
        ("hapy_path", {}, ScenarioError, "did you mean 'happy_path'"),
        ("happy_path", {"relase": "6.0"}, InvalidInputError, "did you mean 'release'"),
        ("happy_path", {"scenaro": "x"}, InvalidInputError, "did you mean 'scenario'"),
        ("happy_path", {"sed": 1}, InvalidInputError, "did you mean 'seed'"),
        ("happy_path", {"hots": "::1"}, InvalidInputError, "did you mean 'host'"),
        ("happy_path", {"release": 5.9}, InvalidInputError, 'quote it: "5.9"'),
        ("happy_path", {"consent": "aprove"}, InvalidInputError, "did you mean 'approve'"),
        ("happy_path", {"host": None}, InvalidInputError, "host is None; expected a text"),
        ("happy_path", {"port": "x"}, InvalidInputError, "port is 'x'; expected an integer"),
        ("happy_path", {"public_url": 5}, InvalidInputError, "public_url is 5; expected a text"),
        ("happy_path", {"tls": "yes"}, InvalidInputError, "tls is 'yes'; expected true or false"),
        ("happy_path", {"seed": 1.5}, InvalidInputError, "seed is 1.5; expected an integer"),
        ("happy_path", {"access": 5}, InvalidInputError, "access is 5; expected a ControlAccess"),
        (Path("/nothing/there.toml"), {}, ScenarioError, os.strerror(errno.ENOENT)),
        (
            Scenario(faults=({"on": "api", "fault": "dealy"},)),
            {},
            (ScenarioError, InvalidInputError),
            "did you mean 'delay'",
        ),
    ],
)
def test_wrong_start_is_a_clear_error_and_leaves_nothing(
    scenario: str | Path | Scenario,
    options: dict[str, Any],
    error: type[Exception],
    words: str,
) -> None:
    """What is wrong is raised to the caller, and no thread is left."""
    before = threads()
    with pytest.raises(error, match=words):
        MockLivestorm(scenario, **options).start()
    assert threads() == before


@pytest.mark.parametrize("port", [99_999, -1])
def test_port_that_can_not_be_is_an_os_error(port: int) -> None:
    """A port out of range is refused like one that is taken."""
    before = threads()
    with pytest.raises(OSError, match="port"):
        MockLivestorm(port=port).start()
    assert threads() == before


def test_taken_port_is_an_os_error() -> None:
    """A port that is taken is refused, and no thread is left."""
    with MockLivestorm() as livestorm:
        before = threads()
        port = int(livestorm.origin.rpartition(":")[2])
        with pytest.raises(OSError, match=os.strerror(errno.EADDRINUSE)):
            MockLivestorm(port=port).start()
        assert threads() == before


def test_wrong_sandbox_is_a_clear_error() -> None:
    """A sandbox that can't be made is raised to the caller; the server goes on."""
    with MockLivestorm() as livestorm:
        with pytest.raises(ScenarioError, match="did you mean 'happy_path'"):
            livestorm.sandbox("hapy_path")
        with pytest.raises(InvalidInputError, match="did you mean 'journal_capacity'"):
            livestorm.sandbox(journal_capcity=5)
        with pytest.raises(InvalidInputError, match="did you mean 'release'"):
            livestorm.sandbox(relase="6.0")
        assert ping(livestorm) == 401


def test_closed_sandbox_is_gone() -> None:
    """After its block, a sandbox answers 404."""
    with MockLivestorm() as livestorm:
        with livestorm.sandbox() as sandbox:
            path = urlsplit(sandbox.api_url).path
        assert exchange(livestorm.app_url, frame("GET", f"{path}/ping")).status == 404


def test_sandbox_closes_what_was_opened_from_it() -> None:
    """A further sandbox starts from the scenario of the first, and ends with it."""
    with MockLivestorm() as server:
        with server.sandbox(release="6.0") as first:
            second = first.sandbox()
            assert second.scenario.provider.release == "6.0"
        assert httpx.get(f"{second.control_url}/health").status_code == 404


def test_sandbox_may_be_closed_after_its_server() -> None:
    """Nothing is left to do then."""
    with MockLivestorm() as server:
        sandbox = server.sandbox()
    sandbox.close()


def test_sandbox_takes_the_servers_scenario() -> None:
    """Without one of its own, a sandbox starts from the server's scenario."""
    with MockLivestorm("user_denies") as livestorm, livestorm.sandbox() as sandbox:
        assert sandbox._sandbox.options.consent == "deny"


def test_attributes_are_what_serve_prints() -> None:
    """URLs, credentials and tokens are attributes."""
    with MockLivestorm() as livestorm:
        assert livestorm.api_url == f"{livestorm.app_url}/v1"
        assert livestorm.control_url == f"{livestorm.app_url}/_mock"
        assert livestorm.redirect_uri == livestorm.redirect_uris[0]
        assert livestorm.client_id != livestorm.public_client_id
        assert livestorm.private_token.count(".") == 2


def test_shortcuts_raise_to_the_caller() -> None:
    """A wrong shortcut is an error in the caller's thread."""
    with MockLivestorm() as livestorm:
        with pytest.raises(InvalidInputError, match="did you mean 'approve'"):
            livestorm.authorize(decision="aprove")
        with pytest.raises(InvalidInputError, match="of this sandbox"):
            livestorm.expire_token("unknown")


def test_faults_clock_and_journal_are_at_hand() -> None:
    """The sandbox's parts can be used from the test's thread."""
    with MockLivestorm() as livestorm:
        armed = livestorm.faults.arm("api", "api_error", status=503, times=1)
        livestorm.clock.advance(10)
        statuses = [ping(livestorm), ping(livestorm)]
        assert (statuses, armed.hits, len(livestorm.journal)) == ([503, 401], 1, 2)


def test_journal_can_be_read_while_requests_come() -> None:
    """Reading the journal from another thread than the server's never fails."""
    with MockLivestorm(rate_limits=False) as livestorm:
        entries = livestorm.journal.entries
        ping(livestorm)

        class Intruder(str):
            """A client id that, compared, lets another exchange happen."""

            __slots__ = ()
            __hash__ = str.__hash__

            def __eq__(self, other: object) -> bool:
                ping(livestorm)
                return False

        assert entries(client_id=Intruder("x")) == []


def test_public_names_are_there() -> None:
    """Each name in `__all__` can be imported, and no other."""
    import livestorm_mock_server

    found = [getattr(livestorm_mock_server, name) for name in livestorm_mock_server.__all__]
    assert MockLivestorm in found
    assert ProviderOptions in found
    with pytest.raises(AttributeError, match="nothing"):
        _ = livestorm_mock_server.nothing

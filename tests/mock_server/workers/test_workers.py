"""`serve --workers`: processes on the same sockets, which start, live and end as one."""

import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from ..served import Served, assert_wrong_usage, run
from .conftest import Machine

WITHOUT_REDIS = """
import sys
sys.modules["redis"] = None
"""
StartWorkers = Callable[..., Served]


@pytest.fixture
def start_workers(store_url: str) -> Iterator[StartWorkers]:
    """Start `serve` with several workers, on a store of its own."""
    started: list[Served] = []
    numbers = count(1)

    def begin(*arguments: str, workers: int = 2) -> Served:
        url = f"{store_url}&prefix={os.getpid()}-{id(started)}-{next(numbers)}"
        options = ("--json", "--quiet", "--store", url, "--workers", str(workers))
        started.append(Served(*options, *arguments, seconds=60))
        return started[-1]

    yield begin
    for one in started:
        one.kill()


def workers_of(served: Served) -> list[int]:
    """Give the processes that a supervisor has."""
    pid = served.process.pid
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for something that comes soon, or the test's own time limit."""
    while not is_so():
        pass


def is_served(port: int) -> bool:
    """Tell whether anybody listens at a port."""
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def is_alive(machine: Machine, access_token: str) -> bool:
    """Tell whether an access token is accepted; nobody counts how often that is asked."""
    bearer = {"Authorization": f"Bearer {access_token}"}
    return machine.http.get(f"{machine.url}/oauth/token/info", headers=bearer).is_success


def port_of(described: dict[str, Any]) -> int:
    """Give the port of a server."""
    return int(described["app_url"].rpartition(":")[2])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_workers_begin_and_end_as_one(start_workers: StartWorkers, number: signal.Signals) -> None:
    """One line tells where they are, once all accept; a signal ends all, and the port is free."""
    served = start_workers(workers=3)
    described = served.describes_itself()
    workers = workers_of(served)
    assert len(workers) == 3
    assert served.end(number) == (0, "", "")
    assert not any(Path(f"/proc/{one}").exists() for one in workers)
    assert not is_served(port_of(described))


def test_end_of_the_parent_ends_workers(start_workers: StartWorkers) -> None:
    """With the end of standard input they end in order."""
    served = start_workers()
    served.describes_itself()
    workers = workers_of(served)
    assert served.end_input() == (0, "", "")
    assert not any(Path(f"/proc/{one}").exists() for one in workers)


def test_killed_supervisor_leaves_no_worker_behind(start_workers: StartWorkers) -> None:
    """Where it can do nothing any more, its workers end by themselves."""
    served = start_workers()
    port = port_of(served.describes_itself())
    served.process.kill()
    wait_until(lambda: not is_served(port))


def test_signal_of_a_terminal_grants_the_grace(
    start_workers: StartWorkers, http: httpx.Client
) -> None:
    """Ctrl-C comes to all processes at once: it ends no request in flight."""
    served = start_workers()
    machine = Machine(served.describes_itself()["app_url"], http)
    machine.control("POST", "faults", on="api.ping", fault="delay", seconds=0.5)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(machine.ping)
        wait_until(lambda: bool(machine.control("GET", "faults")["faults"][0]["hits"]))
        for pid in (*workers_of(served), served.process.pid):
            os.kill(pid, signal.SIGINT)
        assert answer.result(20).status_code == 401
    assert served.end_input()[0] == 0


def test_second_signal_ends_the_grace_of_all(
    start_workers: StartWorkers, http: httpx.Client
) -> None:
    """Who sends it does not want to wait."""
    served = start_workers()
    machine = Machine(served.describes_itself()["app_url"], http)
    machine.control("POST", "faults", on="api.ping", fault="delay", seconds=60)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(machine.ping)
        wait_until(lambda: bool(machine.control("GET", "faults")["faults"][0]["hits"]))
        served.process.send_signal(signal.SIGTERM)
        assert "waits up to 3 s for a request in flight" in served.wait_for_error()
        served.process.send_signal(signal.SIGTERM)
        with pytest.raises(httpx.TransportError):
            answer.result(20)
    assert served.end_input() == (0, "", "")


def test_worker_that_dies_is_replaced(start_workers: StartWorkers, http: httpx.Client) -> None:
    """One line says so; what was armed, and all else, is there as before."""
    served = start_workers()
    machine = Machine(served.describes_itself()["app_url"], http)
    machine.control("POST", "clock", set=1_000, freeze=True)
    first, second = workers_of(served)
    os.kill(first, signal.SIGKILL)
    told = f"worker 1 (process {first}) was ended by SIGKILL; another one takes its place"
    assert served.wait_for_error().endswith(f" warning  {told}\n")
    assert machine.ping().status_code == 401
    wait_until(lambda: len(set(workers_of(served)) - {first}) == 2)
    os.kill(second, signal.SIGKILL)
    assert "worker 2" in served.wait_for_error()
    assert machine.control("GET", "clock")["frozen"]
    assert served.end(signal.SIGTERM) == (0, "", "")


def test_answer_of_a_worker_that_dies_is_lost(
    start_workers: StartWorkers, http: httpx.Client
) -> None:
    """What it has done is done; the journal has the exchange, without an answer."""
    served = start_workers()
    described = served.describes_itself()
    machine = Machine(described["app_url"], http)
    credentials = {name: described[name] for name in ("client_id", "client_secret")}
    machine.control("PUT", "scenario", toml='[provider]\nrotation = "instant"\n')
    pair = machine.control("POST", "tokens")
    asked = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    machine.control(
        "POST", "faults", on="token", fault="barrier", phase="after", parties=2, times=1
    )
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(machine.token, **asked, **credentials)
        wait_until(lambda: not is_alive(machine, pair["access_token"]))
        for pid in workers_of(served):
            os.kill(pid, signal.SIGKILL)
        with pytest.raises(httpx.TransportError):
            answer.result(20)
    wait_until(lambda: len(workers_of(served)) == 2)
    again = machine.token(**asked, **credentials)
    assert again.json()["error"] == "invalid_grant"
    exchanges = machine.control("GET", "journal?endpoint=token.refresh_token")["exchanges"]
    assert [one["response"] and one["response"]["status"] for one in exchanges] == [None, 400]


def test_tls_and_proxy_are_served_by_all(start_workers: StartWorkers, http: httpx.Client) -> None:
    """Each handshake may come to another worker; a fault strikes just so many of them."""
    served = start_workers("--tls", "--proxy-port", "0", "--no-rate-limits")
    described = served.describes_itself()
    machine = Machine(described["app_url"], http)
    machine.control("POST", "faults", on="connection", fault="tls", variant="reset", times=3)
    url = described["app_url"].replace("http://", "https://")
    context = ssl.create_default_context(cafile=described["ca_file"])

    def ping(_: int) -> str:
        with httpx.Client(trust_env=False, verify=context, timeout=20) as client:
            try:
                return str(client.get(f"{url}/v1/ping").status_code)
            except httpx.TransportError as error:
                return type(error).__name__

    with ThreadPoolExecutor(4) as pool:
        came = list(pool.map(ping, range(12)))
    assert sorted(came) == ["401"] * 9 + ["ConnectError"] * 3
    with httpx.Client(trust_env=False, verify=context, proxy=described["proxy_url"]) as client:
        assert client.get("https://api.livestorm.co/v1/ping").status_code == 401


WRONG = {
    "no store": (["--workers", "2"], ("--workers 2", "--store redis://127.0.0.1:6379")),
    "collections": (
        ["--store", "redis://127.0.0.1", "--scenario", "workspace"],
        ("collections is", "none with a shared store"),
    ),
    "a seed": (["--store", "redis://x", "--seed", "1"], ("--seed with --store",)),
    "no URL": (["--store", "there"], ("--store", "redis://HOST:PORT/NUMBER")),
    "another scheme": (["--store", "http://x"], ("redis://HOST:PORT/NUMBER",)),
    "no number": (["--store", "redis://127.0.0.1:1/abc"], ("redis://HOST:PORT/NUMBER",)),
    "an odd option": (["--store", "redis://x?oops=1"], ("redis://HOST:PORT/NUMBER",)),
    "no patience": (["--store", "redis://x?patience=0"], ("patience", "seconds > 0 and <= 60")),
    "an empty prefix": (["--store", "redis://x?prefix="], ("prefix", "not empty")),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage_is_told(name: str) -> None:
    """What is wrong, and what would be right, is told in one line."""
    arguments, words = WRONG[name]
    assert_wrong_usage(run("serve", "--port", "0", *arguments), *words)


def test_lack_of_redis_is_told() -> None:
    """Without the extra, it says how to get it."""
    done = run("serve", "--port", "0", "--store", "redis://x", before=WITHOUT_REDIS)
    assert_wrong_usage(done, "--store needs the package redis, which the extra `redis` brings")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_store_that_is_not_there_is_told(tmp_path: Path, workers: str) -> None:
    """Who starts it hears at once that the server can't be reached; credentials are not shown."""
    url = f"unix://user:secret@{tmp_path}/none.sock"
    done = run("serve", "--port", "0", "--store", url, "--workers", workers)
    assert done.returncode == 3
    assert "the store does not answer" in done.stderr
    assert "secret" not in done.stderr


def test_help_names_the_options() -> None:
    """Whoever looks finds both."""
    told = run("serve", "--help").stdout
    assert "--store URL" in told
    assert "--workers N" in told


def test_plain_serve_loads_no_redis() -> None:
    """Who has no store does not wait for its client."""
    code = "import sys; import livestorm_mock_server.serving; print('redis' in sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"

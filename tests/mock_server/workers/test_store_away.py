"""A server whose store is slow, full, restarted or gone: 503 soon, one line, and a way back."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from redis import Redis

from ..redis_servers import need_server, redis_process
from ..served import Served
from .conftest import Machine

AT_MOST = 10.0
"""Seconds after which an answer has not come soon."""
UNAVAILABLE = b'{"status":503,"error":"Service Unavailable"}'
AWAY = ["gone", "slow", "full"]


class Scene:
    """A server, and the Redis process that has its store."""

    def __init__(self, folder: Path, stack: ExitStack, http: httpx.Client) -> None:
        self._folder, self._stack = folder, stack
        self.redis, self.socket = self._start()
        self.served = Served("--json", "--quiet", "--store", f"unix://{self.socket}", seconds=60)
        stack.callback(self.served.kill)
        self.machine = Machine(self.served.describes_itself()["app_url"], http)

    def _start(self) -> tuple[subprocess.Popen[bytes], str]:
        return self._stack.enter_context(redis_process(self._folder))

    def take_away(self, how: str) -> None:
        """Have the store not answer."""
        if how == "gone":
            self.redis.kill()
            self.redis.wait()
        elif how == "slow":
            self.redis.send_signal(signal.SIGSTOP)
        else:
            with Redis(unix_socket_path=self.socket) as client:
                client.config_set("maxmemory", 1)

    def give_back(self, how: str) -> None:
        """Have it answer again, empty where it was gone."""
        if how == "gone":
            self.redis, _ = self._start()
        elif how == "slow":
            self.redis.send_signal(signal.SIGCONT)
        else:
            with Redis(unix_socket_path=self.socket) as client:
                client.config_set("maxmemory", 0)

    def ask(self, path: str) -> httpx.Response:
        """Send a request that is answered soon."""
        return httpx.get(
            f"{self.machine.url}{path}",
            headers={"Accept": "application/json"},
            timeout=AT_MOST,
            trust_env=False,
        )


@pytest.fixture
def scene(tmp_path: Path, http: httpx.Client) -> Iterator[Scene]:
    """A server whose store can be taken away."""
    need_server()
    with ExitStack() as stack:
        yield Scene(tmp_path, stack, http)


@pytest.mark.parametrize("how", AWAY)
def test_provider_answers_as_one_whose_database_is_away(scene: Scene, how: str) -> None:
    """Clients get 503 in the provider's words, and what they ask for once the store is back."""
    assert scene.ask("/v1/ping").status_code == 401
    scene.take_away(how)
    answer = scene.ask("/v1/ping")
    assert (answer.status_code, answer.content) == (503, UNAVAILABLE)
    assert "x-request-id" in answer.headers
    scene.give_back(how)
    assert scene.ask("/v1/ping").status_code == 401


@pytest.mark.parametrize("how", ["gone", "slow"])
def test_control_api_says_what_is_away(scene: Scene, how: str) -> None:
    """Whoever steers it gets 503 and is told why."""
    scene.take_away(how)
    for path in ("health", "journal?wait=60"):
        answer = scene.ask(f"/_mock/{path}")
        assert answer.status_code == 503, path
        assert answer.json()["error"].startswith("the store does not answer: ")


def test_full_store_can_be_read(scene: Scene) -> None:
    """What needs no memory is done; what does is refused in clear words."""
    scene.ask("/v1/ping")
    scene.take_away("full")
    assert len(scene.ask("/_mock/journal").json()["exchanges"]) == 1
    answer = scene.machine.http.post(f"{scene.machine.url}/_mock/clock", json={"advance": 5})
    assert answer.status_code == 503
    assert "maxmemory" in answer.json()["error"]


def test_log_has_one_line_for_each_turn(scene: Scene) -> None:
    """However many ask, it is told once that the store is lost, and once that it is back."""
    scene.take_away("gone")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(scene.ask, ["/v1/ping"] * 24))
    assert {one.status_code for one in answers} == {503}
    scene.give_back("gone")
    assert scene.ask("/v1/ping").status_code == 401
    _, _, errors = scene.served.end(signal.SIGTERM)
    lost, back = [line for line in errors.splitlines() if "the store" in line]
    assert "the store does not answer, so clients get 503: " in lost
    assert back.endswith("the store answers again")


def test_store_that_lost_all_begins_anew(scene: Scene) -> None:
    """A Redis server that was restarted empty has the default sandbox at once, as at the start."""
    scene.machine.control("POST", "clock", set=1_000)
    opened = scene.machine.control("POST", "sandboxes")
    scene.take_away("gone")
    scene.give_back("gone")
    assert scene.machine.control("GET", "clock")["now"] > 1_000_000
    assert scene.machine.numbers() == []
    assert scene.ask(f"/s/{opened['id']}/v1/ping").status_code == 404


def test_who_follows_goes_on(scene: Scene) -> None:
    """A stream of the journal outlives a while without the store."""
    url = f"{scene.machine.url}/_mock/journal/stream"
    with httpx.stream("GET", url, timeout=AT_MOST, trust_env=False) as stream:
        lines = (line for line in stream.iter_lines() if line.startswith("data: "))
        scene.ask("/v1/ping")
        assert json.loads(next(lines)[6:])["seq"] == 1
        scene.take_away("slow")
        assert scene.ask("/v1/ping").status_code == 503
        scene.give_back("slow")
        while scene.ask("/v1/ping").status_code != 401:
            time.sleep(0)
        assert json.loads(next(lines)[6:])["seq"] > 1


def test_requests_that_find_all_lost_begin_one_sandbox(scene: Scene) -> None:
    """However many come at once to a store that was emptied, they are in one journal."""
    scene.ask("/v1/ping")
    with Redis(unix_socket_path=scene.socket) as client:
        client.flushall()
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: scene.ask("/oauth/token/info").status_code, range(24)))
    assert statuses == [401] * 24
    assert scene.machine.numbers() == list(range(1, 25))


def test_store_that_was_emptied_tells_no_fault_and_no_party(scene: Scene) -> None:
    """What is asked of a sandbox that is gone makes nothing of it."""
    opened = scene.machine.control("POST", "sandboxes")["id"]
    with Redis(unix_socket_path=scene.socket) as client:
        client.flushall()
        scene.ask(f"/s/{opened}/v1/ping")
        assert (
            scene.machine.http.delete(f"{scene.machine.url}/s/{opened}/_mock/journal").status_code
            == 404
        )
        assert not [key for key in client.scan_iter() if opened.encode() in key]

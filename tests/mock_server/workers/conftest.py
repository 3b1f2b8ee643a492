"""Two servers on one store, as two machines have it, and a sandbox of both for each test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from ..redis_servers import need_server, redis_process
from ..served import Served

Post = Callable[..., httpx.Response]


class Machine:
    """A sandbox as one of the servers has it."""

    def __init__(self, url: str, http: httpx.Client) -> None:
        self.url, self.http = url, http

    def control(self, method: str, path: str, **members: object) -> Any:
        """Use the control API; give what it answers."""
        body = {"json": members} if members else {}
        answer = self.http.request(method, f"{self.url}/_mock/{path}", **body)  # type: ignore[arg-type]
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def token(self, **members: str) -> httpx.Response:
        """Send a token request."""
        return self.http.post(f"{self.url}/oauth/token", data=members)

    def ping(self, **headers: str) -> httpx.Response:
        """Ask for what nobody needs a scope for."""
        return self.http.get(f"{self.url}/v1/ping", headers=headers)

    def numbers(self) -> list[int]:
        """Give the numbers of the exchanges in the journal."""
        return [one["seq"] for one in self.control("GET", "journal")["exchanges"]]


class Shared:
    """A sandbox of both servers."""

    def __init__(self, described: dict[str, Any], one: Machine, other: Machine) -> None:
        self.id = described["id"]
        self.one, self.other = one, other
        self.credentials = {name: described[name] for name in ("client_id", "client_secret")}

    def pair(self) -> dict[str, Any]:
        """Issue a pair."""
        issued: dict[str, Any] = self.one.control("POST", "tokens", scope="identity:read")
        return issued


@pytest.fixture(scope="session")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis server of these tests alone."""
    need_server()
    with redis_process(tmp_path_factory.mktemp("redis")) as (_, socket):
        yield f"unix://{socket}?patience=20"


@pytest.fixture(scope="session")
def servers(store_url: str) -> Iterator[list[str]]:
    """The URLs of two servers on one store."""
    with ExitStack() as stack:
        started = []
        for _ in range(2):
            started.append(Served("--json", "--quiet", "--store", store_url, seconds=None))
            stack.callback(started[-1].kill)
        yield [one.describes_itself()["app_url"] for one in started]


@pytest.fixture
def open_shared(servers: list[str], http: httpx.Client) -> Callable[..., Shared]:
    """Open a sandbox of both."""

    def begin(**members: object) -> Shared:
        described = http.post(f"{servers[0]}/_mock/sandboxes", json=members).json()
        path = f"/s/{described['id']}"
        return Shared(described, *(Machine(url + path, http) for url in servers))

    return begin


@pytest.fixture
def shared(open_shared: Callable[..., Shared]) -> Shared:
    """A sandbox of both, without limits."""
    return open_shared(provider={"rate_limits": False})

"""One server for the session, a sandbox per test, and what all these tests share."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.store.protocol import Store

from .failure_log import FailureLog
from .redis_servers import BlockingServer, blocking_server
from .requests import Ping, Requests
from .served import Served
from .stores import STORES, NewStore, new_stores
from .wire import Answer, Wire

SendTokenRequest = Callable[..., httpx.Response]
Start = Callable[..., Served]


def is_alive(livestorm: LivestormSandbox, http: httpx.Client, access_token: str) -> bool:
    """Tell whether an access token opens the API."""
    headers = {"Authorization": f"Bearer {access_token}"}
    return http.get(f"{livestorm.api_url}/ping", headers=headers).status_code == 200


@pytest.fixture(scope="session")
def failure_log() -> Iterator[FailureLog]:
    """Collects what any server of this process logs as its own failure."""
    log = FailureLog()
    logging.getLogger().addHandler(log)
    yield log
    logging.getLogger().removeHandler(log)


@pytest.fixture
def failures(failure_log: FailureLog) -> FailureLog:
    """The same, empty at the start of the test."""
    failure_log.clear()
    return failure_log


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    """An HTTP client that follows no redirect and reads no environment."""
    with httpx.Client(trust_env=False, timeout=15) as client:
        yield client


@pytest.fixture
def tokens(livestorm: LivestormSandbox) -> dict[str, Any]:
    """A pair of tokens of the sandbox."""
    return livestorm.issue_tokens()


@pytest.fixture
def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    """The header that presents the access token."""
    return {"Authorization": f"Bearer {tokens['access_token']}"}


@pytest.fixture
def request_token(livestorm: LivestormSandbox, http: httpx.Client) -> SendTokenRequest:
    """Send a token request of the first application."""

    def send(**members: str) -> httpx.Response:
        credentials = {
            "client_id": livestorm.client_id,
            "client_secret": livestorm.client_secret,
        }
        return http.post(f"{livestorm.app_url}/oauth/token", data=credentials | members)

    return send


@pytest.fixture
def refresh(request_token: SendTokenRequest) -> SendTokenRequest:
    """Refresh with a refresh token."""

    def send(refresh_token: str, **members: str) -> httpx.Response:
        return request_token(grant_type="refresh_token", refresh_token=refresh_token, **members)

    return send


@pytest.fixture
def requests(livestorm: LivestormSandbox) -> Requests:
    """Requests to the sandbox."""
    return Requests(livestorm)


@pytest.fixture
def send(livestorm: LivestormSandbox, requests: Requests) -> Ping:
    """Send the request for an endpoint; give the answer. Raises ConnectionEnded."""

    def call(endpoint: str = "api.ping", *headers: tuple[str, str]) -> Answer:
        with Wire(livestorm.app_url) as wire:
            wire.send(requests.frame(endpoint, *headers))
            return wire.read()

    return call


@pytest.fixture
def send_raw(livestorm: LivestormSandbox, requests: Requests) -> Callable[[str], bytes]:
    """Send the request for an endpoint; give all bytes of the answer, however it ends."""

    def call(endpoint: str) -> bytes:
        with Wire(livestorm.app_url) as wire:
            wire.send(requests.frame(endpoint))
            return wire.read_to_end()

    return call


@pytest.fixture
def start() -> Iterator[Start]:
    """Start `serve`; what runs at the end of the test is ended."""
    started: list[Served] = []

    def begin(*arguments: str) -> Served:
        started.append(Served(*arguments))
        return started[-1]

    yield begin
    for one in started:
        one.kill()


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockingServer]:
    """A Redis server of these tests alone."""
    with blocking_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(params=STORES)
def store_name(request: pytest.FixtureRequest) -> str:
    """Each kind of store."""
    return str(request.param)


@pytest.fixture
def new_store(store_name: str, request: pytest.FixtureRequest) -> NewStore:
    """What makes empty stores of the kind."""
    return new_stores(store_name, request.getfixturevalue("redis_server"))


@pytest.fixture
def store(new_store: NewStore) -> Store:
    """An empty store."""
    return new_store()

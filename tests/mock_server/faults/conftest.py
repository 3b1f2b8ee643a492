"""What the tests of the faults share."""

from collections.abc import Callable

import pytest
from livestorm_mock_server import LivestormSandbox

from ..wire import Answer, Wire
from .requests import Ping, Requests


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

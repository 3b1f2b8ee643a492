"""What the tests of the scenarios share."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import httpx
import pytest
from livestorm_mock_server import MockLivestorm
from livestorm_mock_server.scenario import load_scenario

from .journey import Journey

SetOut = Callable[[str], AbstractContextManager[Journey]]


@pytest.fixture(scope="session", autouse=True)
def without_certificates() -> Iterator[None]:
    """Have httpx load no certificates: that takes 40 ms for each client, and none is needed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_DIR", os.devnull)
        patch.setenv("SSL_CERT_FILE", "")
        yield


@pytest.fixture(scope="session")
def http(without_certificates: None) -> Iterator[httpx.Client]:
    """A browser, of sorts, that follows no redirect and keeps no connection."""
    limits = httpx.Limits(max_keepalive_connections=0)
    with httpx.Client(trust_env=False, timeout=15, limits=limits) as client:
        yield client


@pytest.fixture
def set_out(livestorm_server: MockLivestorm, http: httpx.Client) -> SetOut:
    """Open a sandbox of a scenario, in which the user consents without the page."""

    @contextmanager
    def open_journey(name: str) -> Iterator[Journey]:
        asks = load_scenario(name).provider.consent == "page"
        options = {"consent": "approve"} if asks else {}
        with livestorm_server.sandbox(scenario=name, **options) as sandbox:
            journey = Journey(sandbox, http)
            yield journey

    return open_journey

"""What the tests of the scenarios share."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import httpx
import pytest
from livestorm_mock_server import MockLivestorm
from livestorm_mock_server.scenario_files import load_scenario

from .journey import Journey

SetOut = Callable[[str], AbstractContextManager[Journey]]


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
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
        options: dict[str, Any] = {"consent": "approve"} if asks else {}
        with livestorm_server.sandbox(scenario=name, **options) as sandbox:
            journey = Journey(sandbox, http)
            yield journey

    return open_journey

"""The pytest fixtures: `livestorm` gives each test a sandbox of its own on one server."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .embedded_sandbox import LivestormSandbox
    from .embedding import MockLivestorm

_MARKER = "livestorm(scenario=..., seed=..., **provider): what the livestorm fixture starts from"


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def livestorm_server() -> Iterator["MockLivestorm"]:
    """The server of this test session."""
    from .embedding import MockLivestorm

    with MockLivestorm() as server:
        yield server


@pytest.fixture
def livestorm(livestorm_sandbox: "LivestormSandbox") -> "LivestormSandbox":
    """A sandbox for this test only; `@pytest.mark.livestorm(...)` says what it starts from."""
    return livestorm_sandbox


@pytest.fixture
def livestorm_hosts(livestorm_sandbox: "LivestormSandbox") -> Iterator["LivestormSandbox"]:
    """The same, and what names app.livestorm.co and api.livestorm.co in this process reaches it."""
    with livestorm_sandbox.as_livestorm():
        yield livestorm_sandbox


@pytest.fixture
def livestorm_sandbox(
    request: pytest.FixtureRequest, livestorm_server: "MockLivestorm"
) -> Iterator["LivestormSandbox"]:
    """The same by a longer name, for suites with a `livestorm` of their own."""
    marker = request.node.get_closest_marker("livestorm")
    arguments, keywords = (marker.args, marker.kwargs) if marker else ((), {})
    with livestorm_server.sandbox(*arguments, **keywords) as sandbox:
        yield sandbox

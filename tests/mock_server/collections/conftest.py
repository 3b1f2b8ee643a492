"""A sandbox with collections for each test."""

from collections.abc import Iterator

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm

from .small_workspace import Caller, workspace


@pytest.fixture
def sandbox(
    request: pytest.FixtureRequest, livestorm_server: MockLivestorm
) -> Iterator[LivestormSandbox]:
    """A sandbox with the small workspace; a parameter has further provider options."""
    options = getattr(request, "param", {})
    with livestorm_server.sandbox(workspace(), seed="workspace", **options) as sandbox:
        yield sandbox


@pytest.fixture
def caller(sandbox: LivestormSandbox, http: httpx.Client) -> Caller:
    """Calls the API of the sandbox."""
    return Caller(sandbox, http)

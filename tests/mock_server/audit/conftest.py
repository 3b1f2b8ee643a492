"""What the tests of the audit share."""

from collections.abc import Iterator

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

from .sender import Sender


@pytest.fixture(scope="session")
def audited_http() -> Iterator[httpx.Client]:
    """An HTTP client that follows no redirect and reads no environment."""
    with httpx.Client(trust_env=False, timeout=15) as client:
        yield client


@pytest.fixture
def sender(livestorm: LivestormSandbox, audited_http: httpx.Client) -> Sender:
    """A client of the test's sandbox."""
    return Sender(livestorm, audited_http)

"""Starting the fake: the only module here that does not reach it over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager

from livestorm_mock_server import MockLivestorm


@contextmanager
def start_server() -> Iterator[str]:
    """Serve the fake on a free port; give the URL of its control API."""
    with MockLivestorm() as server:
        yield server.control_url

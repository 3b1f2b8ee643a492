"""The server that is sent to."""

from collections.abc import Iterator

import pytest

from ..served import Served, served
from .target import Target


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served fake, for the tests of a module."""
    with served(tmp_path_factory.mktemp("fuzz")) as server:
        yield server


@pytest.fixture(scope="module")
def target(server: Served) -> Target:
    """Its sandboxes."""
    return Target(server)

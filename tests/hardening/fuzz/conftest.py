"""The server that is sent to."""

from collections.abc import Iterator

import pytest

from ..watched import Watched, watched
from .target import Target


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A served fake, for the tests of a module."""
    with watched(tmp_path_factory.mktemp("fuzz")) as server:
        yield server


@pytest.fixture(scope="module")
def target(server: Watched) -> Target:
    """Its sandboxes."""
    return Target(server)

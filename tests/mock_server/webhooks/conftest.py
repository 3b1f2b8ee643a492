"""What the tests of webhooks share."""

from collections.abc import Iterator

import pytest

from .receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A client's server; it answers 200 until it is told otherwise."""
    with receiving() as it:
        yield it

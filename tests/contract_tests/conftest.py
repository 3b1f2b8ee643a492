"""A fake for the tests of the contract tests."""

from collections.abc import Iterator

import pytest
from livestorm_contract_tests.control import ControlAPI
from livestorm_contract_tests.server import start_server


@pytest.fixture(scope="session")
def server() -> Iterator[ControlAPI]:
    """The fake of this test session."""
    with start_server() as url, ControlAPI(url) as control:
        yield control

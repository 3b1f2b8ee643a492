"""The fake and the client under test."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from livestorm_contract_tests.adapter import Adapter
from livestorm_contract_tests.control import ControlAPI
from livestorm_contract_tests.server import start_server

BLOCKING = "livestorm_contract_tests.reference_adapter:ReferenceAdapter"
ASYNCHRONOUS = "livestorm_contract_tests.reference_adapter:AsyncReferenceAdapter"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--adapter`."""
    parser.addoption(
        "--adapter",
        action="append",
        default=[],
        metavar="MODULE:CLASS",
        help="the adapter of the client to judge, by default the reference client's",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each contract test once for each client.

    The two reference clients share all but the sockets, so properties take the blocking one only.
    """
    if "adapter" in metafunc.fixturenames:
        is_property = getattr(metafunc.function, "is_hypothesis_test", False)
        reference = [BLOCKING] if is_property else [BLOCKING, ASYNCHRONOUS]
        names = metafunc.config.getoption("--adapter") or reference
        ids = [name.rpartition(":")[2] for name in names]
        metafunc.parametrize("adapter", names, ids=ids, indirect=True, scope="session")


@pytest.fixture(scope="session")
def adapter(request: pytest.FixtureRequest) -> Adapter:
    """The client under test; each case configures it anew."""
    module, _, name = str(request.param).partition(":")
    made: Adapter = getattr(import_module(module), name)()
    return made


@pytest.fixture(scope="session")
def server() -> Iterator[ControlAPI]:
    """The fake of this test session."""
    with start_server() as url, ControlAPI(url) as control:
        yield control

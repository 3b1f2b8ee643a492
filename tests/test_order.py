"""The order in which workers take the tests."""

from types import SimpleNamespace
from typing import Any

import pytest

from .conftest import LONGEST, pytest_collection_modifyitems


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("count", [0, 1, 2, 20, 101])
def test_order_keeps_every_test_once(workers: int, count: int) -> None:
    """However many workers there are, each test is in the list once."""
    names = [f"tests/x.py::test_{number}" for number in range(count)]
    items: Any = [SimpleNamespace(nodeid=one) for one in [*names, *LONGEST]]
    config: Any = SimpleNamespace(workerinput={"workercount": workers})
    pytest_collection_modifyitems(config, items)
    assert sorted(one.nodeid for one in items) == sorted([*names, *LONGEST])

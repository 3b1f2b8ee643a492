"""The order in which workers take the tests."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from .conftest import LONGEST, pytest_collection_modifyitems

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("count", [0, 1, 2, 20, 101])
def test_order_keeps_every_test_once(workers: int, count: int) -> None:
    """However many workers there are, each test is in the list once."""
    names = [f"tests/x.py::test_{number}" for number in range(count)]
    items: Any = [SimpleNamespace(nodeid=one) for one in [*names, *LONGEST]]
    config: Any = SimpleNamespace(workerinput={"workercount": workers})
    pytest_collection_modifyitems(config, items)
    assert sorted(one.nodeid for one in items) == sorted([*names, *LONGEST])


def test_random_order_is_one() -> None:
    """Who asks for it gets what takes longest anywhere."""
    files = ("tests/contract_tests/test_whole_runs.py", "tests/test_makefile.py")
    order = ["--random-order-bucket=global", "--random-order-seed=1"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "--quiet", *order, *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    listed = [
        any(one in line for one in LONGEST) for line in done.stdout.splitlines() if "::" in line
    ]
    assert any(listed)
    assert listed != sorted(listed, reverse=True)

"""Each client of each table, put to its case or property."""

import pytest

from .bites.play import failed, put
from .bites.table import Bite, tables

ROWS = [(name, bite) for name, table in tables().items() for bite in table.rows]


@pytest.mark.parametrize(("name", "bite"), ROWS, ids=[f"{name}-{bite.name}" for name, bite in ROWS])
def test_client_fails_what_its_table_says(name: str, bite: Bite) -> None:
    """A broken client fails the checks in its row and no others, a right one fails none."""
    result = put(name, bite, whole=False)
    assert failed(result) == bite.fails, (result.reason, result.checks)
    assert result.verdict is bite.expected, (result.reason, result.checks)

"""Whatever has happened to a sandbox, it is exported and imported whole."""

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from livestorm_mock_server import MockLivestorm
from livestorm_mock_server.options import ProviderOptions
from livestorm_mock_server.snapshots.encoding import encode

from .histories import SCENARIO, Client, Operation, operations

KEPT = 3
"""So few ended pairs and codes are remembered that some are forgotten."""


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"rotation": "never", "release": "6.0"},
        {"rotation": "family", "token_format": "jwt", "monthly_limit": 6},
        {"rotation": "grace", "rotation_repeat": "same_pair", "reuse_access_token": True},
    ],
    ids=["default", "never", "family", "grace"],
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    past=st.lists(operations, min_size=4, max_size=18),
    future=st.lists(operations, min_size=4, max_size=10),
)
def test_restored_sandbox_goes_on_as_the_original(
    livestorm_server: MockLivestorm,
    http: httpx.Client,
    options: dict[str, Any],
    past: list[Operation],
    future: list[Operation],
) -> None:
    """It exports the same bytes, and gives the same answers from then on, tokens included."""
    assert options.keys() <= set(ProviderOptions.__struct_fields__)
    with (
        livestorm_server.sandbox(SCENARIO, seed="s", ended_kept=KEPT, **options) as one,
        livestorm_server.sandbox("rate_limited") as other,
    ):
        client = Client(one, http)
        for operate in past:
            operate(client)
        twin = client.twin(other)
        assert encode(other.state()) == encode(one.state())
        for operate in future:
            assert operate(client) == operate(twin)
        assert encode(other.state()) == encode(one.state())

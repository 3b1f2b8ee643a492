"""Over a minute of mixed traffic nothing grows, and nothing fails that no fault made fail."""

import pytest

from .soaking import soak

SECONDS = 60
PAUSE = 0.2
"""Seconds between two flows of a client, which leave room for the other tests."""
MOST_GROWTH = 15_000_000


@pytest.mark.long
def test_a_minute_of_traffic_is_steady() -> None:
    """Each failure is explained by a fault, and memory stays within bounds."""
    soaked = soak(SECONDS, seed=1, pause=PAUSE)
    assert soaked.seen.unexplained == []
    assert soaked.seen.flows > soaked.seen.faults > 0
    assert soaked.memory_after - soaked.memory_before < MOST_GROWTH

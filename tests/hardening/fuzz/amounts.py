"""How much is drawn."""

import os

from hypothesis import HealthCheck, settings

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "20000"))
"""Requests in all that are sent, about."""
BATCH = {"http": 25, "bytes": 4}
"""Requests on one connection, about."""
SHARES = {"http": 0.85, "bytes": 0.15}
"""Which part of the requests is drawn how."""
INPUTS = REQUESTS // 50
"""Files, messages and control requests of each kind."""


def batches(share: str, part: float) -> settings:
    """Give the settings of a test that draws a batch of requests for each example."""
    return _settings(int(REQUESTS * SHARES[share] * part / BATCH[share]))


def inputs(*, parts: int = 1) -> settings:
    """Give the settings of a test, or of one of its parts, that reads an input for each example."""
    return _settings(INPUTS // parts)


def _settings(examples: int) -> settings:
    return settings(
        max_examples=max(1, examples),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )

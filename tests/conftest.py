"""What all tests share."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says more of the machine than of the code.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture(scope="session", autouse=True)
def without_certificates() -> Iterator[None]:
    """Have httpx load no certificates: that takes 40 ms for each client, and none is needed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_DIR", os.devnull)
        patch.setenv("SSL_CERT_FILE", "")
        yield

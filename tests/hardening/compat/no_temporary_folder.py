"""A plugin of pytest: what the tests start has no folder for temporary files; pytest needs one."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Take it from the workers, once they have begun."""
    if hasattr(config, "workerinput"):
        os.environ.pop("TMPDIR", None)

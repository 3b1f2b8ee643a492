"""How long the contract tests of the reference client take."""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from .load import LoadError
from .row import Row, at_most, told

COMMAND = ("check", "--client", "reference", "--strict")


def measure() -> Iterator[Row]:
    """Judge the reference client by all profiles. Raises LoadError where that fails."""
    program = str(Path(sys.executable).with_name("livestorm-mock"))
    with tempfile.TemporaryDirectory() as folder:
        began, computed = time.perf_counter(), _computed()
        done = subprocess.run(
            [program, *COMMAND], cwd=folder, capture_output=True, text=True, check=False
        )
        took = time.perf_counter() - began
    if done.returncode != 0:
        raise LoadError(f"livestorm-mock {' '.join(COMMAND)} ended with {done.returncode}")
    yield at_most("`check --client reference --strict`", took, 25, "s")
    yield told(
        "processor time of that, the client's processes included", f"{_computed() - computed:.0f} s"
    )


def _computed() -> float:
    """Give the processor seconds of all processes that have ended below this one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

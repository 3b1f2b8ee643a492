"""The programs that clients in other languages need, and Go programs built before they are run."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest

BUILD_SECONDS = 300
"""How long the first build may take: it compiles the standard library, too."""


def need_program(name: str) -> str:
    """Give the path of a program; without it the test is skipped, and fails in CI."""
    path = shutil.which(name)
    if path is None:
        leave_out(f"{name} is not installed")
    return path


def leave_out(reason: str) -> NoReturn:
    """Skip the test, or fail where CI runs it: there everything has to be tried."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def build_go(sources: Sequence[Path], program: Path) -> str:
    """Build a Go program without modules; give its path.

    `go run` would compile at each start, longer than the suite waits for a client.
    """
    command = [need_program("go"), "build", "-o", str(program), *map(str, sources)]
    subprocess.run(command, check=True, timeout=BUILD_SECONDS)
    return str(program)

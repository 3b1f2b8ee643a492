"""The server in front of the fake."""

import subprocess
import sys

PROGRAM = """
from livestorm_contract_tests.servers.front import open_front
with open_front(9):
    raise RuntimeError("the case ends early")
"""


def test_case_that_ends_early_ends_its_server() -> None:
    """An exception in the case is passed on, and nobody waits for the server."""
    command = [sys.executable, "-c", PROGRAM]
    ended = subprocess.run(command, capture_output=True, timeout=20, check=False)
    assert b"the case ends early" in ended.stderr

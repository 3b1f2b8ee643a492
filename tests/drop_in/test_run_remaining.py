"""What a command starts does not outlive it, wherever it hides."""

import asyncio
import sys
from pathlib import Path

import pytest
from livestorm_mock_server.interception.namespace import remaining
from livestorm_mock_server.interception.way import Process

from ..contract_tests.programs import need_program
from .commands import OURSELVES, python

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")

ISOLATED = ("--isolate", "always")
FORKS_ON = """
import os, signal
if os.fork():
    os._exit(9)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    if os.fork():
        os._exit(0)
"""


def living(mark: str) -> list[int]:
    """Give the processes that have a variable of that value."""
    found = []
    for one in Path("/proc").iterdir():
        try:
            if one.name.isdecimal() and mark.encode() in (one / "environ").read_bytes():
                found.append(int(one.name))
        except OSError:
            continue
    return found


def test_process_in_a_network_of_its_own_is_ended(tmp_path: Path) -> None:
    """A namespace within the command's hides nothing."""
    hides = f"{need_program('unshare')} -rn setsid sleep 333 >/dev/null 2>&1 & exit 9"
    mark = str(tmp_path)
    done = OURSELVES.run(*ISOLATED, "--", "sh", "-c", hides, variables={"MARK": mark})
    assert done.returncode == 9
    assert "ended what outlived the command" in done.stderr
    assert living(mark) == []


def test_process_that_forks_on_is_ended(tmp_path: Path) -> None:
    """It has another number each time that one looks."""
    mark = str(tmp_path)
    done = OURSELVES.run(*ISOLATED, *python(FORKS_ON), variables={"MARK": mark})
    assert done.returncode == 9
    assert "ended what outlived the command" in done.stderr
    assert len(done.stderr.splitlines()) < 60
    assert "lives on" not in done.stderr
    assert living(mark) == []


def test_orphan_that_ends_is_gone() -> None:
    """The command finds no trace of it, as without `run`."""
    looks = """
import os, subprocess, sys
orphan = int(subprocess.check_output(["sh", "-c", "sleep 0 >/dev/null & echo $!"]))
for _ in range(100_000):
    try:
        os.kill(orphan, 0)
    except ProcessLookupError:
        sys.exit(9)
"""
    assert OURSELVES.run(*ISOLATED, *python(looks)).returncode == 9


def test_process_that_cannot_be_ended_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """After some time it is left to the machine."""
    monkeypatch.setattr(remaining, "_GRACE", 0)
    monkeypatch.setattr(remaining, "_HUNT", 0)
    stays = Process(1 << 30, "stays")  # No system has such a number.
    found = asyncio.run(remaining.end_all(lambda: [stays]))
    assert list(found.notes()) == [f"lives on, as it can't be ended: {stays.id} stays"]

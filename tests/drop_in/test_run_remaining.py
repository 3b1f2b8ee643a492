"""What a command starts does not outlive it, wherever it hides."""

import asyncio
import os
import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from livestorm_mock_server.interception.namespace import remaining
from livestorm_mock_server.interception.way import Process

from ..contract_tests.programs import need_program
from .commands import OURSELVES, SECONDS, ended, python

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


def test_run_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    """What is in the background or in a session of its own ends with it, and the folder goes."""
    folder = tmp_path / "files"
    folder.mkdir()
    # Each has the pipe: who reads it sees the end of the last of them.
    leaves = "sleep 333 & setsid sleep 333 & echo ready; exec sleep 333"
    variables = {"TMPDIR": str(folder), "MARK": str(tmp_path)}
    command = (*ISOLATED, "--", "sh", "-c", leaves)
    with ended(OURSELVES.start(*command, variables=variables, stdout=subprocess.PIPE)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.kill()
        assert process.stdout.read() == b""
        process.wait(SECONDS)
    for one in living(str(tmp_path)):
        with suppress(ProcessLookupError):
            pidfd = os.pidfd_open(one)
            assert select.select([pidfd], [], [], SECONDS)[0]
            os.close(pidfd)
    assert list(folder.iterdir()) == []

"""Clients with the real hosts in their code, unchanged, reach the fake under `run`."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from .client_programs import TABLE, Client

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="run's ways are Linux's here")

LED = [one for one in TABLE if one.ways]
MISSED = [one for one in TABLE if not one.ways]
SECONDS = 60
NOBODY = 65534
NAMED = {"urllib", "pycurl", "Node's fetch", "curl"}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where programs are built once for all workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "drop_in_clients"
    folder.mkdir(exist_ok=True)
    return folder


def run(*arguments: str, user: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run `livestorm-mock run`; give what came of it."""
    program = Path(sys.executable).with_name("livestorm-mock")
    return subprocess.run(
        [str(program), "run", "--auto-approve", *arguments],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        stdin=subprocess.DEVNULL,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )


def requests_told(report: str) -> int:
    """Count the requests that a report tells of."""
    return sum(map(int, re.findall(r"(\d+) requests?$", report, re.MULTILINE)))


def assert_asked(done: subprocess.CompletedProcess[str]) -> None:
    """See that a client signed in and asked who it is."""
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"email": "ada.martin@example.test"}
    assert requests_told(done.stderr) == 3


@pytest.mark.parametrize("client", TABLE, ids=str)
def test_client_reaches_the_fake_in_a_namespace(client: Client, built: Path) -> None:
    """In a network of its own, any client goes through authorize, token and `/v1/me`."""
    assert_asked(run("--isolate", "always", "--", *client.start(built)))


@pytest.mark.parametrize("client", LED, ids=str)
def test_client_reaches_the_fake_by_its_environment(client: Client, built: Path) -> None:
    """Where the environment can lead a client, it goes through authorize, token and `/v1/me`."""
    assert_asked(run("--isolate", "never", "--", *client.start(built)))


@pytest.mark.parametrize("client", MISSED, ids=str)
def test_client_that_the_environment_misses_is_named(client: Client, built: Path) -> None:
    """A client that heeds nothing is refused and named, though another one reached the fake."""
    command = client.start(built)
    other = LED[0].start(built)
    both = f"{shlex.join(other)} && {shlex.join(command)}"
    done = run("--isolate", "never", "--", "sh", "-c", both)
    assert done.returncode == 4, done.stderr
    assert requests_told(done.stderr) == 3
    assert "app.livestorm.co" in done.stderr.partition("went elsewhere")[2]

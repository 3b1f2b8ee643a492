"""How `serve` ends: by signals, with the process that started it, and never by half."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx
import pytest

from .conftest import Start
from .served import LAUNCH, SECONDS, Served, assert_wrong_usage
from .wire import ConnectionEnded, Wire, exchange, frame

SERVE = [sys.executable, "-c", LAUNCH, "serve", "--port", "0", "--json", "--exit-with-parent"]

# Starts `serve`, prints what it prints, and waits to be killed.
RUNNER = """
import subprocess, sys
serve = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE)
sys.stdin.read()
"""


@contextmanager
def request_in_flight(served: Served, http: httpx.Client) -> Iterator[Wire]:
    """Have the fake busy with a request that takes a minute; give its connection."""
    described = served.describes_itself()
    fault = {"on": "api", "fault": "delay", "seconds": 60}
    http.post(f"{described['control_url']}/faults", json=fault)
    with Wire(described["app_url"]) as wire:
        wire.send(frame("GET", "/v1/ping"))
        url = f"{described['control_url']}/faults"
        while not http.get(url).json()["faults"][0]["hits"]:
            pass
        yield wire


def test_request_in_flight_is_given_up_after_the_grace(start: Start, http: httpx.Client) -> None:
    """It says in one line what it waits for, and then ends in order."""
    served = start("--json")
    with request_in_flight(served, http):
        status, output, errors = served.end(signal.SIGTERM)
    told = "warning  it waits up to 3 s for a request in flight; Ctrl-C ends it now\n"
    assert (status, output, errors.partition(" ")[2]) == (0, "", told)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_second_signal_ends_the_grace(
    start: Start, http: httpx.Client, number: signal.Signals
) -> None:
    """Who sends it does not want to wait: the connection ends, and so does the fake."""
    served = start("--json")
    with request_in_flight(served, http) as wire:
        served.process.send_signal(number)
        assert "waits up to 3 s" in served.wait_for_error()
        served.process.send_signal(number)
        with pytest.raises((ConnectionEnded, ConnectionResetError)):
            wire.read()
        assert served.end_input() == (0, "", "")


def test_end_of_the_parent_ends_serve(start: Start) -> None:
    """With the end of standard input it ends in order; what was written there is dropped."""
    served = start("--json")
    served.describes_itself()
    assert served.process.stdin is not None
    served.process.stdin.write("anything\n")
    served.process.stdin.flush()
    assert served.end_input() == (0, "", "")


def test_killed_runner_leaves_no_fake_behind() -> None:
    """A runner that can do nothing any more is enough."""
    with subprocess.Popen(
        [sys.executable, "-c", RUNNER, *SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as runner:
        assert runner.stdout is not None
        assert runner.stdout.readline()
        runner.kill()
        # The fake has the same standard output, which ends with the last who has it.
        assert runner.stdout.read() == b""


def test_parent_that_is_gone_already_ends_serve() -> None:
    """A pipe that nobody can write into is at its end; the line is printed all the same."""
    done = subprocess.run(
        SERVE, input="", capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1


def test_pipe_at_which_nothing_waits_ends_serve_no_earlier() -> None:
    """A standard input that others have made non-blocking has not ended because it is empty."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with (
        os.fdopen(writing, "wb", buffering=0) as parent,
        subprocess.Popen(SERVE, stdin=reading, stdout=subprocess.PIPE, text=True) as served,
    ):
        os.close(reading)
        assert served.stdout is not None
        url = json.loads(served.stdout.readline())["app_url"]
        parent.write(b"anything")
        assert exchange(url, frame("GET", "/v1/ping")).status == 401
        parent.close()
        assert served.wait(SECONDS) == 0


def test_terminal_ends_serve_with_ctrl_d() -> None:
    """A person at a terminal is a parent, too."""
    controller, terminal = pty.openpty()
    with (
        os.fdopen(controller, "wb", buffering=0) as keyboard,
        subprocess.Popen(
            SERVE, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as served,
    ):
        os.close(terminal)
        assert served.stdout is not None
        assert served.stdout.readline()
        keyboard.write(b"\x04")
        assert served.wait(SECONDS) == 0


@pytest.mark.parametrize("what", [os.devnull, __file__])
def test_standard_input_without_an_end_to_wait_for_is_refused(what: str) -> None:
    """A file and the null device are at their end from the start: it would end at once."""
    with Path(what).open(encoding="utf-8") as file:
        assert_wrong_usage(_run(file), "--exit-with-parent", "give it a pipe")


def test_closed_standard_input_is_refused() -> None:
    """Nothing would ever come of it."""
    command = ["sh", "-c", 'exec "$@" <&-', "sh", *SERVE]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert_wrong_usage(done, "--exit-with-parent", "it is closed")


def _run(stdin: IO[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        SERVE, stdin=stdin, capture_output=True, text=True, timeout=SECONDS, check=False
    )

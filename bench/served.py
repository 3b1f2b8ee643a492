"""Servers in processes of their own, and what they take of the machine."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_LONGEST_START = 20.0


class Served:
    """A server in a process; `described` is what it told of itself."""

    def __init__(self, process: subprocess.Popen[str], port: int, described: Any = None) -> None:
        self._pid = process.pid
        self.port = port
        self.described = described

    def cpu_seconds(self) -> float:
        """Give the processor time that it has taken so far.

        The system's ticks of 10 ms are too coarse for a start.
        """
        tasks = Path(f"/proc/{self._pid}/task").glob("*/schedstat")
        return sum(int(one.read_text(encoding="utf-8").split()[0]) for one in tasks) / 1e9

    def resident_bytes(self) -> int:
        """Give the memory that it holds."""
        pages = Path(f"/proc/{self._pid}/statm").read_text(encoding="utf-8").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def serve_bare(module: str) -> Iterator[Served]:
    """Serve one of the modules that answer with a constant."""
    port = free_port()
    with serve_command([sys.executable, "-m", f"bench.{module}", str(port)], port) as served:
        yield served


def free_port() -> int:
    """Give a port at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def serve_command(arguments: Sequence[str], port: int) -> Iterator[Served]:
    """Serve by a command that listens at a port."""
    with _running(arguments) as process:
        _wait_for(port)
        yield Served(process, port)


@contextmanager
def serve_fake(*options: str) -> Iterator[Served]:
    """Serve the fake without its log, which the others do not write either."""
    command = Path(sys.executable).with_name("livestorm-mock")
    arguments = [str(command), "serve", "--port", "0", "--json", "--quiet", *options]
    with _running(arguments) as process:
        assert process.stdout is not None
        described = json.loads(process.stdout.readline())
        yield Served(process, int(described["app_url"].rpartition(":")[2]), described)


@contextmanager
def _running(arguments: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _LONGEST_START
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.01)
        else:
            return
    raise TimeoutError(f"nothing listens at port {port}")

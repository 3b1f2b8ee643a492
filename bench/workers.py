"""Refreshes by one and by two workers on a shared store, in turn."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from .load import Load, LoadError, post
from .refreshes import refresh_body
from .row import Row, at_least
from .served import Served, serve_fake

ROUNDS = 5
SECONDS = 4
_A_WORKER = 2_000
"""Refreshes a second that a worker should do."""


def measure() -> Iterator[Row]:
    """Measure refreshes a second by two workers against one, and by one against what it should."""
    with ExitStack() as stack:
        store = stack.enter_context(_redis())
        servers = {}
        for workers in (1, 2):
            url = f"unix://{store}?prefix=workers-{workers}"
            options = ("--quiet", "--no-rate-limits", "--store", url, "--workers", str(workers))
            servers[workers] = stack.enter_context(serve_fake(*options))
        loads: dict[int, list[Load]] = {workers: [] for workers in servers}
        bodies = {workers: refresh_body(server) for workers, server in servers.items()}
        for _ in range(ROUNDS):
            for workers, server in servers.items():
                loads[workers].append(_post(server, bodies[workers]))
    yield from _rows(loads)


def _post(server: Served, body: str) -> Load:
    return post(server, body, seconds=SECONDS)


def _rows(loads: dict[int, list[Load]]) -> Iterator[Row]:
    one, two = (median(load.per_second for load in loads[workers]) for workers in (1, 2))
    absolute = f"{two:,.0f}/s; {one:,.0f}/s"
    yield at_least("refreshes a second by two workers, to one", two / one, 1.6, absolute)
    cpu = median(load.cpu for load in loads[1])
    absolute = f"{1e6 / cpu:,.0f}; {cpu:.0f} us each"
    what = f"refreshes in a second of a worker's processor time, to {_A_WORKER:,}"
    yield at_least(what, 1e6 / cpu / _A_WORKER, 1, absolute)


@contextmanager
def _redis() -> Iterator[Path]:
    """Start a Redis server that keeps nothing; give its socket. Raises LoadError."""
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "redis.sock"
        options = ["--port", "0", "--save", "", "--appendonly", "no", "--dir", folder]
        command = ["redis-server", *options, "--unixsocket", str(socket)]
        try:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        except FileNotFoundError:
            raise LoadError("redis-server is not installed: apt-get install redis-server") from None
        try:
            assert process.stdout is not None
            while "ready to accept" not in process.stdout.readline():
                if process.poll() is not None:
                    raise LoadError("redis-server does not start")
            yield socket
        finally:
            process.kill()
            process.communicate()

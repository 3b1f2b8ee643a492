"""How long it takes from the launch of a server to its first answer."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from .row import Row, at_most, with_bars
from .served import Served, free_port

Command = Callable[[int], Sequence[str]]
"""Gives what serves at a port."""

ROUNDS = 11
STARTS = "Launch to the first answer, in milliseconds"
_PATIENCE = 20.0
_PING = b"GET /v1/ping HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


def measure() -> Iterator[Row]:
    """Measure the launch of the fake, in turn with Starlette's."""
    took: dict[str, list[tuple[float, float]]] = {"fake": [], "bare": []}
    for _ in range(ROUNDS + 1):
        took["fake"].append(start(fake))
        took["bare"].append(start(_bare))
    ours, theirs = (rounds[1:] for rounds in took.values())  # The first ones compile.
    wall, of_bare = (median(wall for wall, _ in one) * 1000 for one in (ours, theirs))
    told = f"{wall:.0f} ms; Starlette {of_bare:.0f} ms"
    row = at_most("launch to the first answer, to bare Starlette's", wall / of_bare, 1, "x", told)
    yield with_bars(row, STARTS, ("livestorm-mock", wall), ("bare Starlette", of_bare))
    cpu, of_bare = (median(cpu for _, cpu in one) * 1000 for one in (ours, theirs))
    told = f"{cpu:.0f} ms; Starlette {of_bare:.0f} ms"
    yield at_most("processor time until then", cpu / of_bare, 1, "x", told)


def start(command: Command) -> tuple[float, float]:
    """Launch a server and end it; give the seconds to its first answer, and those it computed."""
    port = free_port()
    began = time.perf_counter()
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command(port), stdout=silent, stderr=silent, text=True)
    try:
        first_answer(port)
        return time.perf_counter() - began, Served(process, port).cpu_seconds()
    finally:
        process.kill()
        process.wait()


def first_answer(port: int) -> None:
    """Wait until something is answered. Raises TimeoutError."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(_PING)
                if client.recv(1):
                    return
        except ConnectionError:
            time.sleep(0.001)  # Nothing tells when a port is taken; to ask all the time costs it.
    raise TimeoutError(f"nothing answers at port {port}")


def fake(port: int) -> Sequence[str]:
    """Give what serves the fake."""
    command = Path(sys.executable).with_name("livestorm-mock")
    return [str(command), "serve", "--port", str(port), "--quiet"]


def _bare(port: int) -> Sequence[str]:
    return [sys.executable, "-m", "bench.bare_starlette", str(port)]

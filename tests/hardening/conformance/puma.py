"""Runs Puma with an application that echoes."""

import select
import shutil
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from .observing import Observation, observation, observe
from .probes import Probe

ECHO = Path(__file__).parent / "echo.rb"
_NOT_COMPARED = ("VERSION", "TRANSFER_ENCODING", "TRANSFER,ENCODING", "CONTENT,LENGTH")
"""What frames the body, or looks like it; the body shows what was made of it."""
PATIENCE = 1.0
"""Seconds without a byte after which Puma, which has threads of its own, waits for more."""


def missing_packages() -> tuple[str, ...]:
    """Return the Debian packages that have to be installed before Puma can run."""
    ruby = shutil.which("ruby")
    if ruby is None:
        return ("ruby", "puma")
    found = subprocess.run([ruby, "-e", "gem 'puma'"], capture_output=True, check=False)
    return ("puma",) if found.returncode else ()


def version() -> str:
    """Return the version of Puma's package."""
    command = ["dpkg-query", "--show", "--showformat=${Version}", "puma"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


@contextmanager
def run_puma() -> Iterator[int]:
    """Run Puma on a free port, and give it. Raises RuntimeError where it doesn't start."""
    with subprocess.Popen(["ruby", str(ECHO)], stdout=subprocess.PIPE, text=True) as process:
        try:
            port = process.stdout.readline().strip() if process.stdout else ""
            if not port:
                raise RuntimeError("Puma did not start")
            yield int(port)
        finally:
            process.terminate()


def record(probes: list[Probe]) -> dict[str, Observation]:
    """Send all probes to Puma, some side by side."""
    with run_puma() as port, ThreadPoolExecutor(6) as pool:
        observed = pool.map(lambda probe: _observe(port, probe), probes)
        return {probe.id: one for probe, one in zip(probes, observed, strict=True)}


def _observe(port: int, probe: Probe) -> Observation:
    answers, then = observe(port, probe.sent, _is_quiet)
    seen = [answer.seen for answer in answers if answer.seen is not None]
    for one, name in product(seen, _NOT_COMPARED):
        one.fields.pop(name, None)
    return observation(answers, then, seen)


def _is_quiet(connection: socket.socket) -> bool:
    return not select.select([connection], [], [], PATIENCE)[0]

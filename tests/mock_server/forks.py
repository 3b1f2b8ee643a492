"""Work in a fork of the test's process."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS = 20


def in_fork(work: Callable[[], object]) -> str:
    """Do a work in a fork; give what came of it as text, empty where it hung."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        _do(work, writing)
    os.close(writing)
    with Path(f"/dev/fd/{reading}").open(encoding="utf-8") as told:
        os.close(reading)
        text = told.read()
    os.waitpid(process, 0)
    return text


@contextmanager
def idle_fork() -> Iterator[None]:
    """Have a fork that does nothing, until the end of the block."""
    (reading, writing), (begun, beginning) = os.pipe(), os.pipe()
    process = os.fork()
    if process == 0:
        os.close(writing)
        os.write(beginning, b"x")
        _do(lambda: os.read(reading, 1), os.open(os.devnull, os.O_WRONLY))
    os.read(begun, 1)
    yield
    for descriptor in (reading, writing, begun, beginning):
        os.close(descriptor)
    os.waitpid(process, 0)


def _do(work: Callable[[], object], writing: int) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(SECONDS)
    try:
        told = repr(work())
    except BaseException as error:  # Nothing of pytest's must go on.
        told = f"{type(error).__name__}: {error}"
    os.write(writing, told.encode())
    os._exit(0)

"""What the system allows, tried in a child that ends at once."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress

from ..interception.way import RefusedError

_SECONDS = 10


def refusal_of(enter: Callable[[], None]) -> str | None:
    """Try what changes a process for good; give the reason why it is not allowed, None if it is."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            signal.alarm(_SECONDS)
            os.write(writing, _told(enter).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        told = answer.read().decode()
    with suppress(ChildProcessError):
        os.waitpid(child, 0)
    return told.removeprefix("refused: ") if told != "allowed" else None


def _told(enter: Callable[[], None]) -> str:
    try:
        enter()
    except (RefusedError, OSError) as error:
        return f"refused: {error}"
    return "allowed"

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
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(_SECONDS)
            os.write(writing, _told(enter).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        told = answer.read().decode()
    status = 0
    with suppress(ChildProcessError):
        status = os.waitpid(child, 0)[1]
    if told == "allowed":
        return None
    return told.removeprefix("refused: ") or _end(os.waitstatus_to_exitcode(status))


def _told(enter: Callable[[], None]) -> str:
    try:
        enter()
    except (RefusedError, OSError) as error:
        return f"refused: {error}"
    except Exception as error:
        return f"refused: {type(error).__name__}: {error}"
    return "allowed"


def _end(code: int) -> str:
    """Say what became of a child that has said nothing."""
    if code == -signal.SIGALRM:
        return f"nothing came of it within {_SECONDS} s"
    return f"it was ended by {signal.Signals(-code).name}" if code < 0 else "nothing came of it"

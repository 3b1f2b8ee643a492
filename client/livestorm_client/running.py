"""An operation on an event loop of its own, whose time-outs and pauses pass in real time."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TypeVar

T = TypeVar("T")

# What freezegun does not replace: it would stop all timers of the loop.
_read_steady: Callable[[], float] = (
    partial(time.clock_gettime, time.CLOCK_MONOTONIC)
    if hasattr(time, "clock_gettime")
    else partial(time.monotonic)
)


def run_to_end(work: Coroutine[None, None, T]) -> T:
    """Run a coroutine in this thread, which has no event loop."""
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        return runner.run(work)


def _new_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    # https://github.com/python/cpython/blob/main/Lib/asyncio/base_events.py
    loop.time = _read_steady  # type: ignore[method-assign]  # asyncio has no other way
    return loop

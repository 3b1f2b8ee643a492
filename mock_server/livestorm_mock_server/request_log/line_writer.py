"""Lines for a descriptor that may be slow, full or closed: nobody waits until they are written."""

import os
import select
import threading
from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue
from typing import Final, Generic, TypeVar

T = TypeVar("T")

MOST: Final = 1_000
"""Things that may wait to be written; further ones are dropped, and counted."""
_PAUSE: Final = 0.02
"""Seconds for which more is waited for: to write lines one by one takes clients their time."""
_AT_ONCE: Final = getattr(select, "PIPE_BUF", 512)
"""Bytes that stay together in a pipe into which other processes write, too (POSIX, `write`)."""
_PATIENCE: Final = 0.5
"""Seconds that the end waits for a reader."""


class LineWriter(Generic[T]):
    """Writes a line for each thing that is put, in a thread of its own, which makes the line too.

    `line_of` makes it, also of a number of things that were dropped.
    """

    def __init__(self, descriptor: int, line_of: Callable[[T | int], bytes]) -> None:
        self._descriptor, self._line_of = descriptor, line_of
        self._waiting: SimpleQueue[T | None] = SimpleQueue()
        self._ending = threading.Event()
        self._dropped = self._told = 0
        # A write that nobody takes must not keep the process from ending.
        self._thread = threading.Thread(target=self._run, name="request log", daemon=True)
        self._thread.start()

    def put(self, thing: T) -> None:
        """Have a line written of a thing, unless too many wait already."""
        if self._waiting.qsize() < MOST:
            self._waiting.put(thing)
        else:
            self._dropped += 1

    def close(self) -> None:
        """Write what waits, as far as somebody takes it soon."""
        self._ending.set()
        self._waiting.put(None)
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        is_over = False
        while not is_over:
            things = self._take()
            is_over = None in things
            lines = [self._line_of(one) for one in things if one is not None]
            if (dropped := self._dropped - self._told) > 0:
                self._told += dropped
                lines.append(self._line_of(dropped))
            for text in _together(lines):
                self._write(text)

    def _take(self) -> list[T | None]:
        """Wait for the next thing, and a little for those that come with it."""
        first = self._waiting.get()
        self._ending.wait(_PAUSE)
        return [first, *(self._waiting.get() for _ in range(self._waiting.qsize()))]

    def _write(self, text: bytes) -> None:
        """Write all of it, or what can be: a full disk or a reader that left is no failure."""
        left = memoryview(text)
        while left:
            try:
                left = left[os.write(self._descriptor, left) :]
            except BlockingIOError:  # Whoever shares the descriptor has made it non-blocking.
                select.select([], [self._descriptor], [])
            except OSError:
                return


def _together(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Join lines, as many as can be written in one piece; a longer line stands alone."""
    text = b""
    for line in lines:
        if text and len(text) + len(line) > _AT_ONCE:
            yield text
            text = b""
        text += line
    if text:
        yield text

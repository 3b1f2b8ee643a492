"""What is done in a while, and waited for at the end only."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

MOST: Final = 1_000
"""What may be under way; what is more is left undone, so that no slow store fills the memory."""


class Later:
    """Work that nobody waits for but the end."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[None]] = set()

    def do(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begin some work, unless too much is under way."""
        if len(self._under_way) < MOST:
            task = asyncio.get_running_loop().create_task(work())
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def end(self) -> None:
        """Wait for all of it, and for what it began itself."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

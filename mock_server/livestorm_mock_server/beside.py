"""Long work beside the event loop, which goes on with what others have asked for."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")

_SMALL: Final = 200
"""Exchanges that are gone through at once, as a thread would take longer."""


async def call_beside(work: Callable[[], T], *, size: int) -> T:
    """Do work on so many exchanges, in a thread where they are many."""
    return work() if size <= _SMALL else await asyncio.to_thread(work)

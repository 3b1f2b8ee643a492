"""Where requests wait for each other."""

import asyncio


class Gate:
    """Holds requests until it is opened, which any thread may do; then it is shut again.

    asyncio.Barrier is for one thread, and who is let go before all have come gets an error:
    https://docs.python.org/3/library/asyncio-sync.html#asyncio.Barrier
    """

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []
        self._is_gone = False

    async def wait(self, parties: int, seconds: float) -> None:
        """Wait until so many wait here, the gate is opened, or so much real time has passed."""
        if self._is_gone:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        if len(self._waiting) >= parties:
            self.open()
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except TimeoutError:
            pass
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)

    def remove(self) -> None:
        """Let those who wait go on, and all who come."""
        self._is_gone = True
        self.open()

    def open(self) -> None:
        """Let those who wait go on; the next ones wait anew."""
        # A new list at once: while this thread lets go, the server's may add who comes next.
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            waiter.get_loop().call_soon_threadsafe(_let_go, waiter)


def _let_go(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)

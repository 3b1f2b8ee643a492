"""Where requests of several workers wait for each other."""

import secrets
from collections.abc import Callable
from contextlib import suppress

from ..arming.gate import Gate
from ..clock import read_steady
from ..store.protocol import StoreUnavailableError
from .sandbox_server import SandboxServer
from .signals import Signals, wait_for

_LEASE = 5
"""Seconds of real time after which a worker that says nothing has no party at a barrier."""


class SharedGate(Gate):
    """A gate that holds the requests of all workers; who waits here says so again and again."""

    def __init__(
        self, fault_id: str, server: SandboxServer, signals: Signals, is_over: Callable[[], bool]
    ) -> None:
        """`is_over` tells whether nobody of this worker may wait any longer."""
        super().__init__()
        self._id, self._server, self._signals, self._is_over = fault_id, server, signals, is_over

    async def wait(self, parties: int, seconds: float) -> None:
        """Wait until so many wait here, the gate is opened, or so much real time has passed."""
        ticket, until = secrets.token_hex(8), read_steady() + seconds
        async with self._signals.hearing(self._server.channel) as heard:
            is_through = await self._server.ask("meet", self._id, ticket, parties, _LEASE)
            try:
                while not is_through and not self._is_over() and read_steady() < until:
                    await wait_for(heard, until - read_steady())
                    is_through = await self._server.ask("wait_on", self._id, ticket, _LEASE)
            finally:
                if not is_through:
                    await self._leave(ticket)

    async def _leave(self, ticket: str) -> None:
        with suppress(StoreUnavailableError):  # There it is forgotten in a while.
            await self._server.ask("leave", self._id, ticket)

    def open(self) -> None:
        """Do nothing: who disarms the fault, or releases it, lets all workers' requests go."""

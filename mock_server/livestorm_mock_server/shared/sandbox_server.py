"""What is asked of a Redis server for one sandbox, beside the operations of its store."""

from typing import Any

from ..store.redis.script import Argument, Script, Server
from ..store.redis.store import IDLE_SECONDS, keys_of
from .store import SharedStore

SANDBOX = Script(__package__, ("state", "journal", "faults", "running"))
"""The operations on a sandbox, see the files."""


class SandboxServer:
    """A server as one sandbox is kept there."""

    def __init__(self, server: Server, name: str) -> None:
        """`name` is the sandbox's."""
        self.store = SharedStore(server, name)
        own = keys_of(name, "state", "exchanges", "events", "waiting")
        self._server, self._keys = server, [*own, *self.store.keys]
        self.channel = own[0]
        """Where it is told that something has changed."""

    async def ask(self, operation: str, *arguments: Argument) -> Any:
        """Do an operation, whole. Raises StoreUnavailableError."""
        given = (IDLE_SECONDS, self.channel, operation, *arguments)
        return await self._server.run(SANDBOX, self._keys, given)

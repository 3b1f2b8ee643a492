"""A Redis server as a worker reaches it: in bounded time, and again when it comes back."""

import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from redis.asyncio.connection import AbstractConnection
from redis.crc import key_slot
from redis.exceptions import AskError, MovedError

from ..protocol import StoreUnavailableError
from .node import Node, RefusedError
from .script import Argument, Script

log = logging.getLogger("livestorm_mock_server")

PATIENCE = 1.0
"""Seconds that an operation may take, and the opening of a connection before it."""

_MOST_HOPS = 5
"""How often a cluster may send a script elsewhere, while slots move."""


class RedisServer:
    """A `Server`; where it is a node of a cluster, the others are found as they are named.

    Nothing is tried twice: a script whose answer was lost may have run. One that a cluster sends
    elsewhere has not.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        """`url` is `redis://HOST:PORT/NUMBER`, `rediss://` with TLS, or `unix://PATH`.

        Raises ValueError for any other.
        """
        self._url, self._patience = url, patience
        self._nodes = {"": Node(url, patience=patience)}
        self._home = self._nodes[""]
        """Who is asked for what nobody is known to have."""
        self._node_of: dict[int, Node] = {}
        """The nodes of a cluster that have slots, as far as they were named."""
        self._fails = False

    async def run(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        """Run the script, see `Server`."""
        try:
            answer = await self._find_and_run(script, keys, arguments)
        except (RefusedError, OSError) as error:
            said = " ".join(str(error).split()) or f"nothing within {self._patience:g} s"
            self._note_failure(said)
            raise StoreUnavailableError(f"the store does not answer: {said}") from error
        self._note_success()
        return answer

    def make_connection(self) -> AbstractConnection:
        """Make a connection to any node, which is opened once it is used."""
        return self._home.make_connection()

    async def close(self) -> None:
        """Close all connections."""
        for node in self._nodes.values():
            node.close()

    async def _find_and_run(
        self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]
    ) -> Any:
        given = (len(keys), *keys, *arguments)
        node, is_asking = self._home, False
        if self._node_of:
            node = self._node_of.get(key_slot(keys[0].encode()), node)
        for _ in range(_MOST_HOPS):
            try:
                return await node.evaluate(script, given, is_asking=is_asking)
            except AskError as told:  # MovedError is one, too.
                is_asking = not isinstance(told, MovedError)
                node = self._node_at(told.host, told.port)
                if not is_asking:
                    self._node_of[told.slot_id] = node
            except (RefusedError, OSError):
                self._distrust(node)
                raise
        raise OSError(f"the cluster sends a script elsewhere, {_MOST_HOPS} times in a row")

    def _node_at(self, host: str, port: int) -> Node:
        """Give the node of a cluster at an address; without a host it is the known one's."""
        parts = urlsplit(self._url)
        host = host or parts.hostname or "127.0.0.1"
        shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        if shown not in self._nodes:
            user, at, _ = parts.netloc.rpartition("@")
            url = parts._replace(netloc=f"{user}{at}{shown}").geturl()
            self._nodes[shown] = Node(url, patience=self._patience)
        return self._nodes[shown]

    def _distrust(self, node: Node) -> None:
        """Have others of the cluster say next time who has what this node had: it may be gone."""
        self._node_of = {slot: one for slot, one in self._node_of.items() if one is not node}
        if node is self._home:
            nodes = list(self._nodes.values())
            self._home = nodes[(nodes.index(node) + 1) % len(nodes)]

    def _note_failure(self, said: str) -> None:
        if not self._fails:
            log.error("the store does not answer, so clients get 503: %s", said)
        self._fails = True

    def _note_success(self) -> None:
        if self._fails:
            log.warning("the store answers again")
        self._fails = False

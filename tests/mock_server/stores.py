"""The stores that keep the same promises."""

from collections.abc import Callable
from itertools import count

from hypothesis import settings
from livestorm_mock_server.store.memory import MemoryStore
from livestorm_mock_server.store.protocol import Store
from livestorm_mock_server.store.redis.store import RedisStore

from .redis_servers import HAS_SERVER, BlockingServer

NewStore = Callable[[], Store]
"""Makes an empty store."""

STORES = ("memory", "redis")
_SHARE = {"memory": 1, "redis": 4 if HAS_SERVER else 40}
"""By how much fewer histories of a store are drawn, as each of its operations takes longer."""


def new_stores(name: str, server: BlockingServer) -> NewStore:
    """Give what makes stores of this kind."""
    if name == "memory":
        return MemoryStore
    numbers = count(1)
    server.client.flushdb()
    return lambda: RedisStore(server, f"tests/{next(numbers)}")


def some(name: str, *, examples: int, steps: int) -> settings:
    """Tell how many histories of a kind of store are played."""
    return settings(
        max_examples=max(1, examples // _SHARE[name]),
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
    )

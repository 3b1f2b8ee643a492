"""The store of a shared sandbox, which asks once for what each change of the sandbox tells of."""

from ..store.records import Application
from ..store.redis.script import Server
from ..store.redis.store import RedisStore

_MOST = 1_000


class SharedStore(RedisStore):
    """A store whose applications change with the state of the sandbox alone."""

    def __init__(self, server: Server, name: str) -> None:
        super().__init__(server, name)
        self._known: dict[str, Application] = {}

    def forget_applications(self) -> None:
        """Ask anew for applications: the sandbox has changed."""
        # Another dictionary, so that who asked before the change adds nothing to this one.
        self._known = {}

    async def find_application(self, client_id: str) -> Application | None:
        known = self._known
        if client_id in known:
            return known[client_id]
        found = await super().find_application(client_id)
        if found is not None and len(known) < _MOST:
            known[client_id] = found
        return found

"""All sandboxes of one server."""

import uuid
from collections.abc import Iterator, Sequence

from .loopback import Loopback
from .registration import BY_SCENARIO, Registration
from .sandbox import Sandbox, open_sandbox
from .scenario import Scenario


class Sandboxes:
    """The default sandbox at `/`, and those under `/s/<id>/`."""

    loopback: Loopback
    """The way to the server that serves them; there is one once it does."""

    def __init__(self, default: Sandbox) -> None:
        self.default = default
        self._sandboxes: dict[str | None, Sandbox] = {None: default}

    def find(self, sandbox_id: str | None) -> Sandbox | None:
        """Give a sandbox; None stands for the default's id."""
        return self._sandboxes.get(sandbox_id)

    async def all(self) -> Sequence[Sandbox]:
        """Give all sandboxes there are, the default one first."""
        return list(self)

    async def open(
        self,
        scenario: Scenario,
        *,
        seed: int | str | None = None,
        registration: Registration = BY_SCENARIO,
    ) -> Sandbox:
        """Add a sandbox under `/s/<id>/`.

        Raises InvalidInputError for a wrong fault, and for a client id that is taken.
        """
        sandbox_id = uuid.uuid4().hex[:12]
        sandbox = await open_sandbox(
            scenario,
            id=sandbox_id,
            seed=seed,
            registration=registration,
            wall=self.default.wall,
            addresses=self.default.addresses,
            doors=self.default.doors,
            webhook_hosts=self.default.webhooks.hosts,
            tell=self.default.tell,
            has_callback=self.default.has_callback,
        )
        sandbox.check_doors()
        self._sandboxes[sandbox_id] = sandbox
        return sandbox

    async def close(self, sandbox_id: str) -> bool:
        """Drop a sandbox with its doors, and let those go who wait in it; tell whether there was
        one.
        """
        sandbox = self._sandboxes.pop(sandbox_id, None)
        if sandbox is not None:
            sandbox.doors.close_those_of(sandbox_id)
            sandbox.close()
            await sandbox.webhooks.drop()
        return sandbox is not None

    def close_all(self) -> None:
        """Let those go who wait in any sandbox."""
        for sandbox in self:
            sandbox.close()

    async def end(self) -> None:
        """Do what is left to do once nobody is served any more."""
        for sandbox in self:
            await sandbox.webhooks.drop()

    def __iter__(self) -> Iterator[Sandbox]:
        return iter(list(self._sandboxes.values()))

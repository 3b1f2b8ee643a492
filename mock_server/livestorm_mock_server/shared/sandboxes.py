"""All sandboxes on a Redis server, as one worker sees them."""

import asyncio
import uuid
from collections import OrderedDict
from collections.abc import Iterator, Sequence

from ..addresses import Addresses
from ..clock import read_time
from ..doors import OpenDoors
from ..reading import InvalidInputError
from ..registration import BY_SCENARIO, Registration
from ..sandbox import NoSandboxError, Sandbox, Tell, callback_of
from ..sandboxes import Sandboxes
from ..scenario import Scenario
from ..store.protocol import UnfitStoreError
from ..webhooks.hosts import NO_HOSTS, WebhookHosts
from . import state as states
from .connecting import Connected
from .copy import NOWHERE, read_state
from .later import Later
from .sandbox import SharedSandbox
from .sandbox_server import SandboxServer
from .state import NO_SEED, SharedState

_MOST_COPIES = 1_000
"""Sandboxes of which a worker keeps its copy; any other is read again."""


class OtherFakeError(UnfitStoreError):
    """The store has a fake that was started with other options."""


class SharedSandboxes(Sandboxes):
    """The sandboxes of all workers; those that came here last have a copy."""

    default: SharedSandbox

    def __init__(
        self,
        connected: Connected,
        addresses: Addresses,
        tell: Tell | None,
        webhook_hosts: WebhookHosts = NO_HOSTS,
    ) -> None:
        """`tell` is called with each exchange that is over; webhooks may go to `webhook_hosts`."""
        self._connected, self._addresses, self._tell = connected, addresses, tell
        self._webhook_hosts = webhook_hosts
        self._doors = OpenDoors()
        self._replacing = asyncio.Lock()
        self.later = Later()
        """What is under way to the journals."""
        self._copies: OrderedDict[str | None, SharedSandbox] = OrderedDict()

    async def begin(self, scenario: Scenario, registration: Registration) -> None:
        """Open the default sandbox, or join those who have it open.

        Raises OtherFakeError, StoreUnavailableError, and InvalidInputError for a wrong fault.
        """
        self._start = (scenario, registration)
        await self._open_default()
        ours, there = states.digest(scenario, registration), self.default.state.started_from
        if ours != there:
            raise OtherFakeError(
                "the store has a fake that was started with another scenario or other options:"
                " start this one likewise, or give it a prefix of its own,"
                f" {self._connected.example_of_prefix}"
            )

    async def _open_default(self) -> None:
        scenario, registration = self._start
        state = self._begin(None, scenario, registration)
        self.default = self._copy(None, state)
        await self.default.create()
        self._copies[None] = self.default

    def find(self, sandbox_id: str | None) -> Sandbox | None:
        """Give a sandbox of which there is a copy."""
        return self._copies.get(sandbox_id)

    async def look_up(self, sandbox_id: str | None) -> Sandbox | None:
        """Give a sandbox as it is now, and have `find` give it.

        Raises StoreUnavailableError.
        """
        copy = self._copies.get(sandbox_id)
        try:
            if copy is None:
                read = await self._read(sandbox_id)
                copy = self._copies.setdefault(sandbox_id, read)
            else:
                await copy.renew()
        except NoSandboxError:
            return await self.replace(sandbox_id, copy)
        self._keep(copy)
        return copy

    async def replace(self, sandbox_id: str | None, gone: Sandbox | None) -> Sandbox | None:
        """Give what is in the place of a sandbox that is gone: for the default one another.

        Raises StoreUnavailableError.
        """
        async with self._replacing:
            if gone is not None and self._copies.get(sandbox_id) is gone:
                self._copies.pop(sandbox_id).close()
            if sandbox_id is None and None not in self._copies:
                await self._open_default()
            return self._copies.get(sandbox_id)

    async def open(
        self,
        scenario: Scenario,
        *,
        seed: int | str | None = None,
        registration: Registration = BY_SCENARIO,
    ) -> Sandbox:
        """Add a sandbox under `/s/<id>/`, see `Sandboxes.open`."""
        if seed is not None:
            raise InvalidInputError("seed", seed, NO_SEED)
        sandbox_id = uuid.uuid4().hex[:12]
        state = self._begin(sandbox_id, scenario, registration)
        copy = self._copy(sandbox_id, state)
        copy.check_doors()
        await copy.create()
        await self._connected.list_as_open(sandbox_id)
        self._keep(copy)
        return copy

    async def close(self, sandbox_id: str) -> bool:
        """Drop a sandbox; tell whether there was one."""
        copy = await self.look_up(sandbox_id)
        if not isinstance(copy, SharedSandbox):
            return False
        del self._copies[sandbox_id]
        await self._connected.list_as_closed(sandbox_id)
        return await copy.remove()

    async def all(self) -> Sequence[Sandbox]:
        """Give all sandboxes there are, the default one first."""
        found: list[Sandbox] = [self.default]
        for sandbox_id in await self._connected.listed():
            sandbox = await self.look_up(sandbox_id)
            if sandbox is None:  # Nobody has used it for a month.
                await self._connected.list_as_closed(sandbox_id)
            else:
                found.append(sandbox)
        return found

    async def end(self) -> None:
        """Write down what is still under way to the journals; close the connections."""
        await super().end()
        await self.later.end()
        await self._connected.close()

    def __iter__(self) -> Iterator[Sandbox]:
        return iter(list(self._copies.values()))

    def _keep(self, copy: SharedSandbox) -> None:
        self._copies[copy.id] = copy
        self._copies.move_to_end(copy.id)
        while len(self._copies) > _MOST_COPIES:
            oldest = next(one for one in self._copies if one is not None)
            del self._copies[oldest]

    def _begin(
        self, sandbox_id: str | None, scenario: Scenario, registration: Registration
    ) -> SharedState:
        return states.begin(
            scenario,
            registration,
            well_known=sandbox_id is None,
            callback=callback_of(self._addresses, sandbox_id),
            now=read_time(),
        )

    async def _read(self, sandbox_id: str | None) -> SharedSandbox:
        """Make a copy. Raises NoSandboxError."""
        state, version = await read_state(self._server_of(sandbox_id))
        return self._copy(sandbox_id, state, version)

    def _server_of(self, sandbox_id: str | None) -> SandboxServer:
        return SandboxServer(self._connected.server, self._connected.name_of(sandbox_id))

    def _copy(
        self, sandbox_id: str | None, state: SharedState, version: str = NOWHERE
    ) -> SharedSandbox:
        return SharedSandbox(
            self.later,
            state,
            self._server_of(sandbox_id),
            self._connected.signals,
            version=version,
            id=sandbox_id,
            addresses=self._addresses,
            doors=self._doors,
            webhook_hosts=self._webhook_hosts,
            tell=self._tell,
        )

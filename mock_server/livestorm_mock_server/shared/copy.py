"""A sandbox of which each worker has a copy: how it is kept as new as it has to be, and changed."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from ..addresses import Addresses
from ..arming.armed import NONE, ArmedFault
from ..arming.reading import read_kind
from ..clock import VirtualClock, read_time
from ..collections.content import Collections
from ..collections.sessions import SessionTimes
from ..doors import OpenDoors
from ..mistakes import find_refusal
from ..randomness import Randomness
from ..reading import InvalidInputError
from ..sandbox import NoSandboxError, Sandbox, Tell, callback_of, labels_of, size_of
from ..scenario import Scenario
from ..snapshots.state import ArmedState, Drawing, SandboxState, Snapshot
from ..store.records import Application
from ..store.redis.content import decode_content
from ..webhooks.hosts import WebhookHosts
from ..webhooks.webhooks import Webhooks
from . import state as states
from .gate import SharedGate
from .journal import SharedJournal
from .sandbox_server import SandboxServer
from .signals import Signals
from .state import NO_SEED, SharedState

T = TypeVar("T")

NOWHERE = ""
"""The version of a sandbox that is not on the server yet."""


class SandboxCopy(Sandbox):
    """A copy of what a server has: the same objects, set anew whenever another worker came first.

    What it is changes only as a whole: a change is made on the copy, undone, and done once the
    server has it.
    """

    journal: SharedJournal

    def __init__(
        self,
        state: SharedState,
        server: SandboxServer,
        signals: Signals,
        *,
        version: str = NOWHERE,
        id: str | None,  # noqa: A002
        addresses: Addresses,
        doors: OpenDoors,
        webhook_hosts: WebhookHosts,
        tell: Tell | None,
    ) -> None:
        self._server, self._signals = server, signals
        self._version = version
        self._changing = asyncio.Lock()
        self.id, self.seed = id, None
        self.wall = read_time
        self.addresses, self.doors = addresses, doors
        self.clock = VirtualClock(read_time, read_time)
        self.store = server.store
        self.collections = Collections(self.clock.now)
        self.session_times = SessionTimes(self.collections, self.clock.now)
        self.tell, self.has_callback = tell, True
        self.journal = SharedJournal(server, signals, self._teller)
        self.webhooks = Webhooks(self, webhook_hosts)
        self._take_over(state, None)

    @property
    def state(self) -> SharedState:
        """What it is, as far as it is known here."""
        return self._state

    # Being as new as the server

    async def renew(self) -> None:
        """Become what the server has. Raises NoSandboxError, StoreUnavailableError."""
        self.heed(await self._server.ask("look", self._version))

    def heed(self, told: Any) -> None:
        """Be as `look` tells. Raises NoSandboxError where there is nothing to tell."""
        if told is None or told[0] == b"":
            raise NoSandboxError
        version, encoded, last_number = told
        self.journal.know(last_number)
        if encoded is not None:
            self._take_over(states.decode_state(encoded), self._state)
            self._version = version.decode()

    def _take_over(self, state: SharedState, before: SharedState | None) -> None:
        """Be as a state says; nothing but the state is left of what was `before`."""
        self._state = state
        if before is None or _is_announced_otherwise(state, before):
            self.registration = state.registration
            self._take_announcement(state.scenario, state.announced, Randomness())
            self._begin()
            self.journal.resize(size_of(state.scenario), labels_of(state.scenario))
        self.announced = state.announced
        self._server.store.forget_applications()
        self.clock.setting = state.clock
        self._server.store.clock = f"{state.clock.offset!r} {state.clock.frozen_at!r}"
        self.faults.put(map(self._armed_from, state.armed), last_number=state.last_fault)

    def _armed_from(self, armed: ArmedState) -> ArmedFault:
        gate = SharedGate(armed.id, self._server, self._signals, lambda: self.journal.closed)
        return ArmedFault(armed.id, read_kind(armed.keys), gate=gate)

    # Changing it

    async def create(self) -> bool:
        """Put it on the server; tell whether it was not there. Else it is what was there."""
        return await self._try(self._state, is_anew=True)

    async def change(self, do: Callable[[], T]) -> T:
        """Do what changes the clock or what is armed, whole or not at all."""

        def done() -> tuple[T, SharedState]:
            before = self._state
            try:
                return do(), self._read_copy()
            finally:
                self._take_over(before, before)

        return await self._change(done, is_anew=False)

    async def register(self, make: Callable[[Sequence[Application]], Application]) -> Application:
        """Register an application, see `Sandbox.register`."""

        def add() -> Application:
            application = make(self.announced.applications)
            self._announce_application(application)
            return application

        return await self.change(add)

    async def replace_application(self, application: Application) -> None:
        """Have another application, see `Sandbox.replace_application`; all workers ask anew."""
        await self._change(lambda: (None, self._state), is_anew=False, replaced=[application])

    async def reset(self) -> None:
        """Return to the start, see `Sandbox.reset`."""
        await self.webhooks.drop()
        await self._change(lambda: (None, states.begin_anew(self._state)), is_anew=True)

    async def put(self, scenario: Scenario) -> None:
        """Start anew from another scenario, see `Sandbox.put`."""
        self.check_doors(scenario)
        await self.webhooks.drop()

        def begun() -> tuple[None, SharedState]:
            return None, states.begin(
                scenario,
                self.registration,
                well_known=self.id is None,
                callback=callback_of(self.addresses, self.id),
                now=self.clock.now(),
                started_from=self._state.started_from,
            )

        await self._change(begun, is_anew=True)

    # As a value

    async def snapshot(self) -> Snapshot:
        """Give all that it is, as one moment has it, see `Sandbox.snapshot`."""
        told = await self._server.ask("dump")
        if told is None:
            raise NoSandboxError
        encoded, last_exchange, counts, *content = told
        state = states.decode_state(encoded)
        counted = states.decode_counts(counts)
        armed = tuple(replace(one, counts=counted.get(one.id, NONE)) for one in state.armed)
        return Snapshot(
            state=SandboxState(**{**_agreed_on(state), "armed": armed}),
            content=decode_content(*content),
            collections=self.collections.export(),
            drawing=Drawing(),
            last_exchange=last_exchange,
        )

    async def restore(self, snapshot: Snapshot, *, doors_are_open: bool = True) -> None:
        """Be what a snapshot has, see `Sandbox.restore`; it must have no seed."""
        if snapshot.drawing != Drawing():
            raise InvalidInputError("seed", snapshot.drawing.seed, NO_SEED)
        for refusal in find_refusal(states.check_shareable, snapshot.state.scenario):
            raise refusal.within("scenario")
        if doors_are_open:
            self._check_doors_of((read_kind(one.keys) for one in snapshot.state.armed), ".keys")
        await self.webhooks.drop()
        encoded = states.encode_rest(snapshot)
        async with self._changing:
            while True:
                wanted = replace(self._state, **_agreed_on(snapshot.state))
                version = secrets.token_hex(8)
                told = await self._server.ask(
                    "restore",
                    self._version,
                    version,
                    states.encode_state(wanted),
                    snapshot.last_exchange,
                    *encoded,
                )
                if self._settle(told, wanted, version):
                    return

    async def _change(
        self,
        want: Callable[[], tuple[T, SharedState]],
        *,
        is_anew: bool,
        replaced: Sequence[Application] = (),
    ) -> T:
        """Have the server take what is wanted of the state that it has."""
        async with self._changing:
            while True:
                result, wanted = want()
                if await self._try(wanted, is_anew=is_anew, replaced=replaced):
                    return result

    async def _try(
        self, wanted: SharedState, *, is_anew: bool, replaced: Sequence[Application] = ()
    ) -> bool:
        """Have the server take a state in the place of the one that is known here.

        Tell whether it has; else another worker came first, and this has what it made.
        """
        version = secrets.token_hex(8)
        gone = {one.id for one in self._state.armed} - {one.id for one in wanted.armed}
        told = await self._server.ask(
            "change",
            self._version,
            version,
            states.encode_state(wanted),
            int(is_anew),
            len(gone),
            *gone,
            *self._encode_new_applications(wanted, is_anew=is_anew),
            *self._server.store.encode_applications(replaced),
        )
        return self._settle(told, wanted, version)

    def _settle(self, told: Any, wanted: SharedState, version: str) -> bool:
        """Be what the server took, or what it told instead; tell which."""
        if told is not None:
            self.heed(told)
            return False
        self._take_over(wanted, self._state)
        self._version = version
        return True

    def _encode_new_applications(self, wanted: SharedState, *, is_anew: bool) -> list[str | bytes]:
        known = () if is_anew else self._state.announced.applications
        added = [one for one in wanted.announced.applications if one not in known]
        if is_anew:
            clock = VirtualClock(read_time, read_time)
            clock.setting = wanted.clock
            added = [replace(one, created_at=clock.now()) for one in added]
        return self._server.store.encode_applications(added)

    def _read_copy(self) -> SharedState:
        return replace(self._state, **_agreed_on(self._read_state()))


async def read_state(server: SandboxServer) -> tuple[SharedState, str]:
    """Give the state of a sandbox, and its version.

    Raises NoSandboxError, StoreUnavailableError.
    """
    told = await server.ask("look", NOWHERE)
    if told is None:
        raise NoSandboxError
    return states.decode_state(told[1]), told[0].decode()


def _agreed_on(state: SandboxState) -> dict[str, Any]:
    """Give what the workers agree on; what faults have counted is kept apart."""
    agreed = {name: getattr(state, name) for name in SandboxState.__struct_fields__}
    return {**agreed, "armed": tuple(replace(one, counts=NONE) for one in state.armed)}


def _is_announced_otherwise(state: SharedState, before: SharedState) -> bool:
    return _begun_from(state) != _begun_from(before)


def _begun_from(state: SharedState) -> object:
    """Give what a copy begins with; applications come while it is there."""
    return state.scenario, state.registration, replace(state.announced, applications=())

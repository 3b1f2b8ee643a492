"""A sandbox: one isolated universe of applications, users, tokens, clock, faults and journal."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from msgspec.structs import replace

from .addresses import NOWHERE, Addresses
from .api.resources import api_routes
from .api.users import user_item
from .arming.armed import ArmedFault
from .arming.faults import Faults
from .arming.look import Endpoint, Look
from .arming.reach import HEADER as FAULT_HEADER
from .arming.reading import read_kind
from .arming.strike import Strike
from .clock import VirtualClock, read_time
from .collections.content import Collections
from .collections.sessions import SessionTimes
from .doorkeeper.routes import oauth_routes
from .doors import OpenDoors
from .exchange import WEBHOOK, Exchange
from .faults.fault import CONNECTION, Fault
from .journal.entry import Entry
from .journal.journal import Journal, Size
from .masking import Mask
from .options import ProviderOptions
from .pages.paths import CALLBACK
from .rails.cors import CORS
from .rails.negotiation import NegotiationRules
from .rails.response import Response
from .randomness import Randomness
from .registration import BY_SCENARIO, Registration
from .routing import Router
from .scenario import Scenario
from .scenario_records import Announcement, announce, resource_of
from .snapshots.state import ArmedState, Drawing, SandboxState, Snapshot
from .store.memory import MemoryStore
from .store.protocol import Store
from .store.records import Application, User
from .webhooks.hosts import NO_HOSTS, WebhookHosts
from .webhooks.webhooks import Webhooks

T = TypeVar("T")
Tell = Callable[[Entry, Mask], object]


class NoSandboxError(Exception):
    """Another process has closed the sandbox."""


class Sandbox:
    """One universe, from its opening to its end; `open_sandbox` makes a ready one.

    `id` is None for the default sandbox at `/`, else the one in `/s/<id>/`. `addresses` and `doors`
    are the server's, and so are `webhook_hosts`, to which webhooks may go beside the loopback, and
    `tell`, which is called with each exchange that is over and with what hides its secrets; where
    it `has_callback`, the applications that no scenario names are registered with the fake's own
    page.
    """

    _mask: tuple[Announcement, Mask] | None = None
    """What hides the secrets of an announcement, made when it is first asked for."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        id: str | None = None,  # noqa: A002
        seed: int | str | None = None,
        registration: Registration = BY_SCENARIO,
        wall: Callable[[], float] = read_time,
        addresses: Addresses = NOWHERE,
        doors: OpenDoors | None = None,
        webhook_hosts: WebhookHosts = NO_HOSTS,
        tell: Tell | None = None,
        has_callback: bool = False,
    ) -> None:
        self.id = id
        self.wall = wall
        self.seed = seed
        self.registration = registration
        self.addresses = addresses
        self.doors = OpenDoors() if doors is None else doors
        self.tell = tell
        self.has_callback = has_callback
        self.clock = VirtualClock(wall)
        self.store: Store = MemoryStore()
        self.collections = Collections(self.clock.now)
        self.session_times = SessionTimes(self.collections, self.clock.now)
        self.journal = Journal(size_of(scenario), labels=labels_of(scenario), tell=self._teller)
        self.webhooks = Webhooks(self, webhook_hosts)
        self._take_announcement(*self._announced(scenario))
        self._begin()

    def _announced(self, scenario: Scenario) -> tuple[Scenario, Announcement, Randomness]:
        """Give what `_take_announcement` takes. Raises InvalidInputError for a taken client id."""
        source = Randomness(None if self.seed is None else f"{self.seed}, announced")
        announced = announce(
            scenario,
            source,
            now=self.clock.now(),
            well_known=self.id is None,
            registration=self.registration,
            callback=callback_of(self.addresses, self.id) if self.has_callback else None,
        )
        return scenario, announced, source

    def _take_announcement(
        self, scenario: Scenario, announced: Announcement, source: Randomness
    ) -> None:
        self.scenario, self.announced = scenario, announced
        self.announcing = source
        """Where credentials come from; those that are kept over a reset are not drawn again."""
        self.signing = announced.signing()
        self.organizations, self.users = announced.organizations, announced.users

    def _begin(self) -> None:
        """Set up what a scenario says, but for the store."""
        scenario = self.scenario
        self.options: ProviderOptions = self.registration.applied_to_options(scenario.provider)
        self.store.kept = self.options.ended_kept
        self.randomness = Randomness(self.seed)
        resources = [resource_of(one) for one in scenario.resources]
        declared = scenario.declared
        self.router = Router(
            [*api_routes(resources, declared.collections), *oauth_routes(self.options)]
        )
        self.collections.begin(
            declared.kinds,
            self.randomness,
            members=[(one.organization.id, user_item(one)) for one in self.users],
            fold=str.casefold if self.options.filter_comparison == "any_case" else str,
        )
        self.session_times.begin()
        self.webhooks.begin(self.seed)
        self.cors = CORS(self.options.cors_paths, self.options.cors_origins, barred=[FAULT_HEADER])
        self.rules = NegotiationRules(
            ignores_accept=self.options.ignore_accept_header,
            vary_names_all=self.options.vary == "negotiation",
        )
        self.labels = scenario.labels
        self.faults = Faults(
            self.labels,
            last_exchange=lambda: self.journal.last_number,
            has_handshakes=lambda: self.doors.have_handshakes_for(self.id),
        )
        self._arm_scenario()

    def _arm_scenario(self) -> None:
        for fault in self.scenario.read_faults:
            self.faults.add(fault)

    async def reset(self) -> None:
        """Return to the start: the scenario's faults, wall time, no tokens, an empty journal.

        Credentials stay as they were announced, those of registered applications, too. Webhooks
        that are on their way are dropped.
        """
        await self.webhooks.drop()
        await self._begin_again()

    async def _begin_again(self) -> None:
        self.clock.reset()
        await self.store.clear()
        self._begin_anew()
        await self.register_applications()

    def _begin_anew(self, *, last_exchange: int = 0) -> None:
        """Let all go who wait; begin, with an empty journal."""
        self.faults.disarm()
        self.journal = self.journal.successor(
            size_of(self.scenario), labels_of(self.scenario), last_number=last_exchange
        )
        self._begin()

    @property
    def waits_for_nothing(self) -> bool:
        """Tell whether an answer is there at once: faults may hold it up, and stores elsewhere."""
        return self.store.is_here and not self.faults.are_armed

    def close(self) -> None:
        """Let those go who wait for an exchange or at a barrier; drop webhooks on their way."""
        self.webhooks.close()
        self.journal.close()
        self.faults.hold_nobody()

    async def put(self, scenario: Scenario) -> None:
        """Start anew from another scenario, with the same registration.

        Raises InvalidInputError for a wrong fault, and for an application that has the client id
        of the registration.
        """
        self.check_doors(scenario)
        announced = self._announced(scenario)
        await self.webhooks.drop()  # Requests are answered meanwhile, by what there is still.
        self._take_announcement(*announced)
        await self._begin_again()

    async def change(self, do: Callable[[], T]) -> T:
        """Do what changes the clock or what is armed, whole or not at all."""
        return do()

    async def register(self, make: Callable[[Sequence[Application]], Application]) -> Application:
        """Register an application beside those of the scenario, until there is another one.

        `make` is given those that there are.
        """
        application = make(self.announced.applications)
        self._announce_application(application)
        await self.store.add_application(application)
        return application

    def _announce_application(self, application: Application) -> None:
        applications = (*self.announced.applications, application)
        self.announced = replace(self.announced, applications=applications)

    async def replace_application(self, application: Application) -> None:
        """Have another one in the place of the one with its client id, until a reset."""
        await self.store.add_application(application)

    async def snapshot(self) -> Snapshot:
        """Give all that it is, but for the exchanges in its journal."""
        return Snapshot(
            state=self._read_state(),
            content=self._memory.content(),
            collections=self.collections.export(),
            drawing=Drawing(
                seed=self.seed,
                tokens=self.randomness.position,
                credentials=self.announcing.position,
            ),
            last_exchange=self.journal.last_number,
        )

    async def restore(self, snapshot: Snapshot, *, doors_are_open: bool = True) -> None:
        """Be what a snapshot has, with an empty journal, whose numbers go on.

        Raises InvalidInputError for a fault without the door that it needs; then nothing changes.
        Where the doors are still to be opened, `check_doors` tells afterwards. Webhooks that are on
        their way are dropped.
        """
        state, drawing = snapshot.state, snapshot.drawing
        armed = [ArmedFault(one.id, read_kind(one.keys), counts=one.counts) for one in state.armed]
        if doors_are_open:
            self._check_doors_of((one.fault for one in armed), ".keys")
        await self.webhooks.drop()
        self.seed, self.registration = drawing.seed, state.registration
        source = Randomness(drawing.seed)
        source.go_on_from(drawing.credentials)
        self._take_announcement(state.scenario, state.announced, source)
        self._begin_anew(last_exchange=snapshot.last_exchange)
        self.randomness.go_on_from(drawing.tokens)
        self.collections.restore(snapshot.collections)
        self.clock.setting = state.clock
        self.faults.put(armed, last_number=state.last_fault)
        self._memory.restore(snapshot.content)
        self.webhooks.watch()

    def _read_state(self) -> SandboxState:
        return SandboxState(
            scenario=self.scenario,
            registration=self.registration,
            announced=self.announced,
            clock=self.clock.setting,
            armed=tuple(
                ArmedState(id=one.id, keys=one.fault.as_json(), counts=one.counts)
                for one in self.faults.armed()
            ),
            last_fault=self.faults.last_number,
        )

    @property
    def _memory(self) -> MemoryStore:
        assert isinstance(self.store, MemoryStore)
        return self.store

    async def open(self, exchange: Exchange) -> Entry:
        """Write down a request as it arrives, and number it."""
        return self.journal.open(exchange)

    async def answer(self, entry: Entry, response: Response | None) -> None:
        """Write down the answer to a request."""
        self.journal.answer(entry, response)

    def note(self, exchange: Exchange, response: Response | None, *, entry: Entry | None) -> None:
        """Write down what came of a request, where nobody can wait until it is written.

        `entry` is there where it was written down as it arrived.
        """
        self.journal.answer(entry or self.journal.open(exchange), response)

    async def exchanges(self) -> Sequence[Entry]:
        """Give the exchanges in the journal, oldest first."""
        return list(self.journal)

    async def forget_exchanges(self) -> None:
        """Forget all exchanges; numbers go on."""
        self.journal.clear()

    async def strike(self, exchange: Exchange, label: str, endpoint: Endpoint) -> Strike | None:
        """Give what strikes a request: what it asks for itself, or what is armed.

        `endpoint` is what would answer it. Raises InvalidInputError for a header that can't be
        read.
        """
        look = Look(exchange, endpoint)
        asked = self.faults.asked_for(exchange, label)
        if asked is not None:
            return asked if await look.finds(asked.fault) else None
        return await self._take(exchange, label, look) if self.faults.are_armed else None

    async def _take(self, exchange: Exchange, label: str, look: Look) -> Strike | None:
        """Give what strikes a request of all that is armed, and count it."""
        faults = self.faults
        await faults.look(exchange, label, look)
        return faults.take(exchange, label, look)

    async def take_back(self, entry: Entry) -> None:
        """Have a request as one that nothing struck, and its strike as none."""
        strike, entry.strike = entry.strike, None
        if strike is not None:
            strike.armed.take_back()

    async def note_strike(self, entry: Entry) -> None:
        """Let all who read the journal know what struck a request that is under way.

        Those of this process know it by the entry.
        """

    async def armed(self) -> Sequence[ArmedFault]:
        """Give the armed faults, as they are counted now."""
        return self.faults.armed()

    async def release(self, fault: ArmedFault) -> None:
        """Let the requests go on that wait at a barrier."""
        fault.release()

    def check_doors(self, scenario: Scenario | None = None) -> None:
        """Check that the doors are there which the faults of a scenario need, by default the armed.

        Raises InvalidInputError.
        """
        armed = (one.fault for one in self.faults.armed())
        self._check_doors_of(armed if scenario is None else scenario.read_faults)

    def _check_doors_of(self, faults: Iterable[Fault], place: str = "") -> None:
        for index, fault in enumerate(faults):
            self.faults.check_door(fault, where=f"faults[{index}]{place}.")

    async def register_applications(self) -> None:
        """Put all applications, as they were announced, into the store."""
        for application in self.announced.applications:
            await self.store.add_application(replace(application, created_at=self.clock.now()))

    @property
    def mask(self) -> Mask:
        """What hides its secrets in what is shown of its exchanges."""
        announced = self.announced
        if self._mask is None or self._mask[0] is not announced:
            self._mask = announced, announced.mask(self.options.webhook_secret)
        return self._mask[1]

    @property
    def _teller(self) -> Callable[[Entry], object] | None:
        """What its journal calls with each exchange that is over."""
        tell = self.tell
        return None if tell is None else lambda entry: tell(entry, self.mask)

    @property
    def prefix(self) -> str:
        """The path prefix: empty for the default sandbox."""
        return prefix_of(self.id)

    @property
    def current_user(self) -> User | None:
        """The user who is logged in at the provider."""
        return self.users[0] if self.options.logged_in else None

    def find_user(self, email: str) -> User | None:
        """Give the user with this e-mail address."""
        return next((user for user in self.users if user.email == email), None)


async def open_sandbox(
    scenario: Scenario,
    *,
    id: str | None = None,  # noqa: A002
    seed: int | str | None = None,
    registration: Registration = BY_SCENARIO,
    wall: Callable[[], float] = read_time,
    addresses: Addresses = NOWHERE,
    doors: OpenDoors | None = None,
    webhook_hosts: WebhookHosts = NO_HOSTS,
    tell: Tell | None = None,
    has_callback: bool = False,
) -> Sandbox:
    """Make a sandbox that is ready to be used.

    Raises InvalidInputError for a wrong fault, and for a client id that is taken.
    """
    sandbox = Sandbox(
        scenario,
        id=id,
        seed=seed,
        registration=registration,
        wall=wall,
        addresses=addresses,
        doors=doors,
        webhook_hosts=webhook_hosts,
        tell=tell,
        has_callback=has_callback,
    )
    await sandbox.register_applications()
    return sandbox


def prefix_of(sandbox_id: str | None) -> str:
    """Give the path prefix of a sandbox."""
    return "" if sandbox_id is None else f"/s/{sandbox_id}"


def callback_of(addresses: Addresses, sandbox_id: str | None) -> str:
    """Give the URL of the fake's own page for codes."""
    return f"{addresses.url()}{prefix_of(sandbox_id)}{CALLBACK}"


def labels_of(scenario: Scenario) -> set[str]:
    """Give what an exchange may have instead of an endpoint, too."""
    return {*scenario.labels, CONNECTION, WEBHOOK}


def size_of(scenario: Scenario) -> Size:
    """Give how much its journal keeps."""
    return Size(exchanges=scenario.journal_capacity, bytes=scenario.journal_bytes)

"""A sandbox: one isolated universe of applications, users, tokens, clock, faults and journal."""

from collections.abc import Callable

from msgspec.structs import replace

from .addresses import NOWHERE, Addresses
from .api.resources import api_routes
from .arming.faults import Faults
from .arming.reach import HEADER as FAULT_HEADER
from .clock import VirtualClock, read_time
from .doorkeeper.routes import oauth_routes
from .doors import OpenDoors
from .faults.fault import CONNECTION
from .journal.journal import Journal, Size, Tell
from .options import ProviderOptions
from .pages.paths import CALLBACK
from .rails.cors import CORS
from .randomness import Randomness
from .registration import BY_SCENARIO, Registration
from .routing import Router
from .scenario import Scenario
from .scenario_records import announce, resource_of
from .store.memory import MemoryStore
from .store.protocol import Store
from .store.records import Application, User


class Sandbox:
    """One universe, from its opening to its end; `open_sandbox` makes a ready one.

    `id` is None for the default sandbox at `/`, else the one in `/s/<id>/`. `addresses` and `doors`
    are the server's, and so is `tell`, which is called with each exchange that is over; where it
    `has_callback`, the applications that no scenario names are registered with the fake's own page.
    """

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
        self.journal = Journal(_size(scenario), labels=_labels(scenario), tell=tell)
        self._announce(scenario)
        self._begin()

    def _announce(self, scenario: Scenario) -> None:
        source = Randomness(None if self.seed is None else f"{self.seed}, announced")
        announced = announce(
            scenario,
            source,
            now=self.clock.now(),
            well_known=self.id is None,
            registration=self.registration,
            callback=self._url_of(CALLBACK) if self.has_callback else None,
        )
        self.scenario = scenario
        self.announcing = source
        """Where credentials come from; those that are kept over a reset are not drawn again."""
        self.signing = announced.signing
        self.organizations = announced.organizations
        self.users = announced.users
        self._applications = list(announced.applications)

    def _begin(self) -> None:
        """Set up what a scenario says, but for the store."""
        scenario = self.scenario
        self.options: ProviderOptions = self.registration.applied_to_options(scenario.provider)
        self.store.kept = self.options.ended_kept
        self.randomness = Randomness(self.seed)
        resources = [resource_of(one) for one in scenario.resources]
        self.router = Router([*api_routes(resources), *oauth_routes(self.options)])
        self.cors = CORS(self.options.cors_paths, self.options.cors_origins, barred=[FAULT_HEADER])
        self.labels = scenario.labels
        self.faults = Faults(
            self.labels,
            last_exchange=lambda: self.journal.last_number,
            has_handshakes=lambda: self.doors.have_handshakes_for(self.id),
        )
        for fault in scenario.read_faults:
            self.faults.add(fault)

    async def reset(self) -> None:
        """Return to the start: the scenario's faults, wall time, no tokens, an empty journal.

        Credentials stay as they were announced, those of registered applications, too.
        """
        self.clock.reset()
        self.faults.disarm()
        self.journal = self.journal.successor(_size(self.scenario), _labels(self.scenario))
        await self.store.clear()
        self._begin()
        await self.register_applications()

    @property
    def waits_for_nothing(self) -> bool:
        """Tell whether an answer is there at once: faults may hold it up, and stores elsewhere."""
        return self.store.is_here and not self.faults.are_armed

    def close(self) -> None:
        """Let those go who wait for an exchange or at a barrier."""
        self.journal.close()
        self.faults.disarm()

    async def put(self, scenario: Scenario) -> None:
        """Start anew from another scenario, with the same registration.

        Raises InvalidInputError for a wrong fault, and for an application that has the client id
        of the registration.
        """
        self.check_doors(scenario)
        self._announce(scenario)
        await self.reset()

    async def add_application(self, application: Application) -> None:
        """Register an application beside those of the scenario, until there is another one."""
        self._applications.append(application)
        await self.store.add_application(application)

    def check_doors(self, scenario: Scenario | None = None) -> None:
        """Check that the doors are there which the faults of a scenario need, by default its own.

        Raises InvalidInputError.
        """
        for index, fault in enumerate((scenario or self.scenario).read_faults):
            self.faults.check_door(fault, where=f"faults[{index}].")

    async def register_applications(self) -> None:
        """Put all applications, as they were announced, into the store."""
        for application in self._applications:
            await self.store.add_application(replace(application, created_at=self.clock.now()))

    def _url_of(self, path: str) -> str:
        return f"{self.addresses.url()}{self.prefix}{path}"

    @property
    def prefix(self) -> str:
        """The path prefix: empty for the default sandbox."""
        return "" if self.id is None else f"/s/{self.id}"

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
        tell=tell,
        has_callback=has_callback,
    )
    await sandbox.register_applications()
    return sandbox


def _labels(scenario: Scenario) -> set[str]:
    """Give what an exchange may have instead of an endpoint, too."""
    return {*scenario.labels, CONNECTION}


def _size(scenario: Scenario) -> Size:
    return Size(exchanges=scenario.journal_capacity, bytes=scenario.journal_bytes)

"""A sandbox: one isolated universe of applications, users, tokens, clock, faults and journal."""

import time
from collections.abc import Callable, Sequence

from .api.private_tokens import issue_private_token, read_private_token
from .api.resources import DeclaredResource, api_routes
from .arming.faults import Faults
from .clock import VirtualClock
from .doorkeeper.routes import oauth_routes
from .journal.journal import Journal
from .labels import all_labels, label_of
from .options import ProviderOptions
from .randomness import Randomness
from .routing import Router
from .scenario import (
    DEFAULT_ORGANIZATION,
    ApplicationEntry,
    OrganizationEntry,
    ResourceEntry,
    Scenario,
    UserEntry,
)
from .store.memory import MemoryStore
from .store.protocol import Store
from .store.records import Application, Organization, User

DEFAULT_REDIRECT_URIS = (
    "https://client.example.test/callback",
    "http://127.0.0.1/callback",
    "http://127.0.0.1:3000/callback",
    "http://localhost:3000/callback",
    "urn:ietf:wg:oauth:2.0:oob",
)
_DEFAULT_USER = UserEntry(email="ada.martin@example.test")
_DEFAULT_APPLICATIONS = (
    ApplicationEntry(
        name="Example Integration",
        client_id="example-client-id",
        client_secret="example-client-secret",
        redirect_uris=DEFAULT_REDIRECT_URIS,
    ),
    ApplicationEntry(
        name="Example Public Integration",
        client_id="example-public-client-id",
        client_secret="example-public-client-secret",
        redirect_uris=DEFAULT_REDIRECT_URIS,
        confidential=False,
    ),
)


class Sandbox:
    """One universe; `open_sandbox` makes a ready one.

    `id` is None for the default sandbox at `/`, else the one in `/s/<id>/`.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        id: str | None = None,  # noqa: A002
        seed: int | str | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.id = id
        self.wall = wall
        self.scenario = scenario
        self.seed = seed
        self.clock = VirtualClock(wall)
        self.store: Store = MemoryStore()
        self.journal = Journal(scenario.journal_capacity)
        self.other_origin: str | None = None
        """A second origin at which the server listens."""
        self._announce()
        self._begin()

    def _announce(self) -> None:
        """Make what clients are told when the sandbox opens, and what a reset keeps."""
        source = Randomness(None if self.seed is None else f"{self.seed}, announced")
        scenario = self.scenario
        self._key = source.bytes(32)
        self._private_token: str | None = None
        self._began_at = self.clock.now()
        self.organizations: Sequence[Organization] = [
            _organization(one, source) for one in scenario.organizations or (DEFAULT_ORGANIZATION,)
        ]
        self.users: Sequence[User] = [
            self._user(number, one, source)
            for number, one in enumerate(scenario.users or (_DEFAULT_USER,), start=1)
        ]
        self._applications = scenario.applications or self._default_applications(source)

    def _begin(self) -> None:
        """Set up what a scenario says, but for the store."""
        scenario = self.scenario
        self.options: ProviderOptions = scenario.provider
        self.randomness = Randomness(self.seed)
        resources = [_resource(one) for one in scenario.resources]
        self.router = Router([*api_routes(resources), *oauth_routes(self.options.doorkeeper)])
        self.labels = all_labels(one.label for one in resources)
        self.faults = Faults(self.labels)
        for keys in scenario.faults:
            self.faults.arm_from(keys)

    async def reset(self) -> None:
        """Return to the start: the scenario's faults, wall time, no tokens, an empty journal.

        Credentials stay as they were announced.
        """
        self.clock.reset()
        self.faults.disarm()
        self.journal = self.journal.successor(self.scenario.journal_capacity)
        await self.store.clear()
        self._begin()
        await self.register_applications()

    def close(self) -> None:
        """Let those go who wait for an exchange or at a barrier."""
        self.journal.close()
        self.faults.disarm()

    async def put(self, scenario: Scenario) -> None:
        """Start anew from another scenario. Raises InvalidInputError for a wrong fault."""
        self.scenario = scenario
        self._announce()
        await self.reset()

    async def register_applications(self) -> None:
        """Put the scenario's applications into the store."""
        for number, entry in enumerate(self._applications, start=1):
            application = Application(
                id=number,
                name=entry.name,
                client_id=entry.client_id,
                client_secret=entry.client_secret,
                redirect_uris=entry.redirect_uris,
                confidential=entry.confidential,
                scopes=entry.scopes,
                created_at=self.clock.now(),
            )
            await self.store.add_application(application)

    @property
    def private_token(self) -> str:
        """The private API token of the first workspace."""
        if self._private_token is None:
            # Made when it is asked for, since PyJWT takes long to import; its own source of
            # randomness keeps all else the same, whether it is made or not.
            self._private_token = issue_private_token(
                self.organizations[0],
                self._key,
                randomness=Randomness(self._key.hex()),
                now=self._began_at,
            )
        return self._private_token

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

    def find_private_token_owner(self, token: str) -> Organization | None:
        """Give the workspace of a private token."""
        organization_id = read_private_token(token, self._key)
        return next((one for one in self.organizations if one.id == organization_id), None)

    def sign_access_token(
        self,
        user: User | None,
        scopes: tuple[str, ...],
        *,
        issued_at: float,
        expires_in: int | None,
    ) -> str:
        """Make an access token in the form of a JWT, for `token_format = "jwt"`."""
        import jwt

        claims: dict[str, object] = {
            "jti": self.randomness.uuid(),
            "iat": int(issued_at),
            "scope": " ".join(scopes),
        }
        if user is not None:
            claims |= {"sub": user.uuid, "org": user.organization.id}
        if expires_in is not None:
            claims["exp"] = int(issued_at) + expires_in
        return jwt.encode(claims, self._key, algorithm="HS256")

    def _default_applications(self, source: Randomness) -> Sequence[ApplicationEntry]:
        """Give the default sandbox its well-known credentials, and each other its own."""
        if self.id is None:
            return _DEFAULT_APPLICATIONS
        return [
            ApplicationEntry(
                name=one.name,
                client_id=source.token(),
                client_secret=source.token(),
                redirect_uris=one.redirect_uris,
                confidential=one.confidential,
            )
            for one in _DEFAULT_APPLICATIONS
        ]

    def _user(self, number: int, entry: UserEntry, source: Randomness) -> User:
        wanted = entry.organization or self.organizations[0].name
        return User(
            id=number,
            uuid=entry.id or source.uuid(),
            first_name=entry.first_name,
            last_name=entry.last_name,
            email=entry.email,
            organization=next(one for one in self.organizations if one.name == wanted),
            password=entry.password,
            role=entry.role,
            timezone=entry.timezone,
            avatar_link=entry.avatar_link,
        )


async def open_sandbox(
    scenario: Scenario,
    *,
    id: str | None = None,  # noqa: A002
    seed: int | str | None = None,
    wall: Callable[[], float] = time.time,
) -> Sandbox:
    """Make a sandbox that is ready to be used. Raises InvalidInputError for a wrong fault."""
    sandbox = Sandbox(scenario, id=id, seed=seed, wall=wall)
    await sandbox.register_applications()
    return sandbox


def _organization(entry: OrganizationEntry, source: Randomness) -> Organization:
    slug = entry.slug or "-".join(entry.name.lower().split())
    return Organization(id=entry.id or source.uuid(), name=entry.name, slug=slug)


def _resource(entry: ResourceEntry) -> DeclaredResource:
    return DeclaredResource(
        path=entry.path,
        label=entry.label or label_of(entry.path),
        methods=entry.methods,
        scopes=entry.scopes,
        status=entry.status,
        content=entry.body or "",
        content_type=entry.content_type,
    )

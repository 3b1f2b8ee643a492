"""From the entries of a scenario to what a sandbox holds; what an entry leaves open is drawn."""

from base64 import b64encode
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from .api.resources import DeclaredResource
from .masking import Mask
from .rails.parameters import read_wire_name
from .randomness import Randomness
from .registration import Registration
from .scenario import (
    DEFAULT_ORGANIZATION,
    DEFAULT_USER,
    ApplicationEntry,
    OrganizationEntry,
    ResourceEntry,
    Scenario,
    UserEntry,
)
from .signing import Signing
from .store.records import Application, Organization, User

_DEFAULT_REDIRECT_URIS = (
    "https://client.example.test/callback",
    "http://127.0.0.1/callback",
    "http://127.0.0.1:3000/callback",
    "http://localhost:3000/callback",
    "urn:ietf:wg:oauth:2.0:oob",
)
_WELL_KNOWN_APPLICATIONS = (
    ApplicationEntry(
        name="Example Integration",
        client_id="example-client-id",
        client_secret="example-client-secret",
        redirect_uris=_DEFAULT_REDIRECT_URIS,
    ),
    ApplicationEntry(
        name="Example Public Integration",
        client_id="example-public-client-id",
        client_secret="example-public-client-secret",
        redirect_uris=_DEFAULT_REDIRECT_URIS,
        confidential=False,
    ),
)
_APPLICATIONS_OF_ITS_OWN = tuple(
    replace(one, client_id=None, client_secret=None) for one in _WELL_KNOWN_APPLICATIONS
)


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """What clients are told when a sandbox opens, and what a reset keeps."""

    key: bytes
    """The provider's key, 32 bytes."""
    began_at: float
    """The virtual time of the announcement, in Unix seconds."""
    organizations: tuple[Organization, ...]
    users: tuple[User, ...]
    applications: tuple[Application, ...]
    """Those of the scenario, then those that were registered since."""

    def signing(self) -> Signing:
        """Give what signs with the provider's key."""
        return Signing(self.key, self.organizations, began_at=self.began_at)

    def mask(self, *others: str) -> Mask:
        """Give what hides all these secrets, and others; those that are drawn look like tokens."""
        credentials = [(one.client_id, one.client_secret) for one in self.applications]
        passwords = (one.password for one in self.users if one.password is not None)
        return Mask(
            [
                *(secret for _, secret in credentials),
                *(b64encode(":".join(pair).encode()).decode() for pair in credentials),
                *passwords,
                *others,
            ],
            public=(client_id for client_id, _ in credentials),
        )


def announce(
    scenario: Scenario,
    source: Randomness,
    *,
    now: float,
    well_known: bool,
    registration: Registration,
    callback: str | None = None,
) -> Announcement:
    """Make the records of a scenario at a virtual time, in Unix seconds.

    Where the scenario has no applications, they are those with the `well_known` credentials, or
    the same with drawn ones; `callback` is then the first of their redirect URIs. What the
    registration says takes the place of what they have. Raises InvalidInputError where that can't
    be.
    """
    key = source.bytes(32)
    organizations = tuple(
        _organization_of(one, source) for one in scenario.organizations or (DEFAULT_ORGANIZATION,)
    )
    users = tuple(
        _user_of(one, source, organizations, number=number)
        for number, one in enumerate(scenario.users or (DEFAULT_USER,), start=1)
    )
    defaults = _WELL_KNOWN_APPLICATIONS if well_known else _APPLICATIONS_OF_ITS_OWN
    if callback is not None:
        defaults = tuple(
            replace(one, redirect_uris=(callback, *one.redirect_uris)) for one in defaults
        )
    entries = registration.applied_to(scenario.applications or defaults)
    applications = tuple(
        application_of(one, source, number=number, now=now)
        for number, one in enumerate(entries, start=1)
    )
    return Announcement(
        key=key,
        began_at=now,
        organizations=organizations,
        users=users,
        applications=applications,
    )


def application_of(
    entry: ApplicationEntry, source: Randomness, *, number: int, now: float
) -> Application:
    """Make the record of an OAuth client."""
    return Application(
        id=number,
        name=entry.name,
        client_id=entry.client_id or source.token(),
        client_secret=entry.client_secret or source.token(),
        redirect_uris=entry.redirect_uris,
        confidential=entry.confidential,
        scopes=entry.scopes,
        created_at=now,
    )


def resource_of(entry: ResourceEntry) -> DeclaredResource:
    """Make a part of the API."""
    return DeclaredResource(
        path=entry.path,
        label=entry.endpoint,
        methods=entry.methods,
        scopes=entry.scopes,
        status=entry.status,
        content=entry.body or "",
        content_type=entry.content_type,
        query=frozenset((read_wire_name(name), value) for name, value in entry.when.query.items()),
    )


def _organization_of(entry: OrganizationEntry, source: Randomness) -> Organization:
    slug = entry.slug or "-".join(entry.name.lower().split())
    return Organization(id=entry.id or source.uuid(), name=entry.name, slug=slug)


def _user_of(
    entry: UserEntry, source: Randomness, organizations: Sequence[Organization], *, number: int
) -> User:
    wanted = entry.organization or organizations[0].name
    return User(
        id=number,
        uuid=entry.id or source.uuid(),
        first_name=entry.first_name,
        last_name=entry.last_name,
        email=entry.email,
        organization=next(one for one in organizations if one.name == wanted),
        password=entry.password,
        role=entry.role,
        timezone=entry.timezone,
        avatar_link=entry.avatar_link,
    )

"""What a sandbox starts from: the entries of a scenario."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Literal

import msgspec

from .arming.reading import read_fault
from .declaring.entries import CollectionEntry
from .declaring.kinds import Declared, declare
from .doorkeeper.uris import is_valid_redirect_uri
from .faults.fault import Fault
from .header_fields import OneLine
from .labels import Labels, all_labels, label_of
from .options import ProviderOptions
from .reading import InvalidInputError, expected_one_of, read_struct

Name = Annotated[str, msgspec.Meta(pattern=r"\S", description="a text that is not blank")]


class OrganizationEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An `[[organizations]]` entry: a workspace."""

    name: Name
    """What it is called; users name it by this."""
    slug: str | None = None
    """What it is called in addresses; absent, made of the name."""
    id: str | None = None
    """A UUID; absent, one is drawn."""


DEFAULT_ORGANIZATION = OrganizationEntry(name="Example Workspace", slug="example-workspace")
"""The workspace of a scenario that has none."""


class UserEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `[[users]]` entry; the first is the one who is logged in."""

    email: Name
    """The address by which tests choose the user."""
    first_name: str = "Ada"
    """The first name in `/v1/me`."""
    last_name: str = "Martin"
    """The last name in `/v1/me`."""
    password: str | None = None
    """For the password grant only."""
    role: str = "admin"
    """The role in `/v1/me`."""
    timezone: str = "Europe/Paris"
    """The time zone in `/v1/me`."""
    avatar_link: str | None = None
    """The address of the picture in `/v1/me`."""
    organization: str | None = None
    """The name of an `[[organizations]]` entry; absent, the first."""
    id: str | None = None
    """A UUID; absent, one is drawn."""


DEFAULT_USER = UserEntry(email="ada.martin@example.test")
"""The user of a scenario that has none."""


class ApplicationEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An `[[applications]]` entry, or the body of `POST applications`: an OAuth client."""

    name: Name
    """What the consent page calls it."""
    client_id: Name | None = None
    """Absent, one is drawn; a scenario has to give it."""
    client_secret: Name | None = None
    """Absent, one is drawn; a scenario has to give it."""
    redirect_uris: Annotated[tuple[Name, ...], msgspec.Meta(min_length=1)]
    """Absolute URIs without a fragment, or those of the native page."""
    confidential: bool = True
    """Whether it has to show its secret; a public one has none to show."""
    scopes: tuple[str, ...] = ()
    """What the application is limited to; empty means all that the server has."""


class ResourceWhen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `when` of a resource: what a request has to have; else another one answers."""

    query: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Parameters of the query with the values they must have; names as on the wire, such as
    `filter[email]`."""


class ResourceEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `[[resources]]` entry: a part of the API of your own, behind the real rules."""

    path: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^/v1(/[A-Za-z0-9_\-]+|/\{id\})+$(?!\n)",
            description="a path below /v1/ (`{id}` stands for any segment)",
        ),
    ]
    """Where it is. What `{id}` stood for takes its place in the body, too; a path without it comes
    first."""
    methods: Annotated[
        tuple[Literal["GET", "POST", "PUT", "PATCH", "DELETE"], ...], msgspec.Meta(min_length=1)
    ] = ("GET",)
    """The verbs that it answers."""
    scopes: tuple[str, ...] = ()
    """Any one of them opens it; empty means any default scope."""
    when: ResourceWhen = ResourceWhen()
    """Which requests it answers. Of several at a path, those with conditions come first, then the
    one without, and then what the path has otherwise: a collection, or the API's own."""
    status: Annotated[int, msgspec.Meta(ge=200, le=599)] = 200
    """The status of its answer."""
    json: object = None
    """The body as a value; one of `json`, `body` and `file`, or none for an empty body."""
    body: str | None = None
    """The body as a text."""
    file: str | None = None
    """A file that holds the body, beside the scenario."""
    content_type: OneLine | None = None
    """Absent, the API's own."""
    label: (
        Annotated[
            str,
            msgspec.Meta(
                pattern=r"^api\.[A-Za-z0-9_.\-{}]+$(?!\n)", description="a label below `api.`"
            ),
        ]
        | None
    ) = None
    """What faults and the journal call it; absent, `api.` and the path after `/v1/`."""

    @property
    def endpoint(self) -> str:
        """The label that it has, given or not."""
        return self.label or label_of(self.path)


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """A scenario file as a whole."""

    title: str = ""
    """The situation, in a sentence."""
    client_should: str = ""
    """What a correct client does in this situation."""
    cases: tuple[str, ...] = ()
    """The ids of the client failures that it shows (C09, E02, ...)."""
    provider: ProviderOptions = ProviderOptions()
    """`[provider]`: what the fake pretends to be."""
    organizations: tuple[OrganizationEntry, ...] = ()
    """`[[organizations]]`: workspaces; without one, there is an example of one."""
    users: tuple[UserEntry, ...] = ()
    """`[[users]]`: who may sign in; without one, there is an example of one."""
    applications: tuple[ApplicationEntry, ...] = ()
    """`[[applications]]`: OAuth clients; without one, there are two examples."""
    resources: tuple[ResourceEntry, ...] = ()
    """`[[resources]]`: paths of the API with an answer of your own."""
    collections: tuple[CollectionEntry, ...] = ()
    """`[[collections]]`: what the API lists, and lets clients create, change and delete."""
    faults: tuple[dict[str, object], ...] = ()
    """`[[faults]]`: `on`, `fault`, when to strike, and the kind's own parameters."""
    journal_capacity: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 10_000
    """How many exchanges the journal keeps; the oldest make room."""
    journal_bytes: Annotated[int, msgspec.Meta(ge=64_000)] = 32_000_000
    """How many bytes of requests and answers it keeps; of one body, a 64th of that."""

    @cached_property
    def labels(self) -> Labels:
        """What the endpoints are called, those of its resources included."""
        resources = ((one.endpoint, one.methods) for one in self.resources)
        return all_labels(resources, self.declared.collections)

    @cached_property
    def declared(self) -> Declared:
        """Its collections, and what they begin with."""
        return declare(self.collections)

    @cached_property
    def read_faults(self) -> tuple[Fault, ...]:
        """Its faults, read once. Raises InvalidInputError with the key that is wrong."""
        return tuple(
            read_fault(keys, self.labels, where=f"faults[{index}].")
            for index, keys in enumerate(self.faults)
        )


def check_application(where: str, entry: ApplicationEntry, scopes: Sequence[str]) -> None:
    """Check an application, also one made in Python; `scopes` are those of the server.

    Raises InvalidInputError.
    """
    read_struct(msgspec.to_builtins(entry), ApplicationEntry, where=where)
    check_redirect_uris(f"{where}redirect_uris", entry.redirect_uris)
    check_scopes(f"{where}scopes", entry.scopes, scopes)


def check_redirect_uris(key: str, uris: Sequence[str]) -> None:
    """Check that URIs can be registered; `key` is where they stand. Raises InvalidInputError."""
    for index, uri in enumerate(uris):
        if not is_valid_redirect_uri(uri):
            expected = "an absolute URI without a fragment, such as https://client.test/callback"
            raise InvalidInputError(f"{key}[{index}]", uri, expected)


def check_scopes(key: str, scopes: Sequence[str], known: Sequence[str]) -> None:
    """Check that all scopes are known; `key` is where they stand. Raises InvalidInputError."""
    for scope in scopes:
        if scope not in known:
            raise InvalidInputError(key, scope, expected_one_of(scope, known))

"""Scenario files: what a sandbox starts from, read from TOML."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from .arming.reading import read_fault
from .faults.fault import Fault
from .header_fields import OneLine
from .labels import all_labels, label_of
from .options import ProviderOptions
from .reading import InvalidInputError, MissingKeyError, expected_one_of, read_struct

Name = Annotated[str, msgspec.Meta(min_length=1)]


class ScenarioError(Exception):
    """A scenario can't be used; the message names the file, the key and what was expected."""


class OrganizationEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An `[[organizations]]` entry: a workspace."""

    name: Name
    slug: str | None = None
    id: str | None = None
    """A UUID; absent, one is drawn."""


DEFAULT_ORGANIZATION = OrganizationEntry(name="Example Workspace", slug="example-workspace")
"""The workspace of a scenario that has none."""


class UserEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `[[users]]` entry; the first is the one who is logged in."""

    email: Name
    first_name: str = "Ada"
    last_name: str = "Martin"
    password: str | None = None
    """For the password grant only."""
    role: str = "admin"
    timezone: str = "Europe/Paris"
    avatar_link: str | None = None
    organization: str | None = None
    """The name of an `[[organizations]]` entry; absent, the first."""
    id: str | None = None
    """A UUID; absent, one is drawn."""


class ApplicationEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An `[[applications]]` entry, or the body of `POST applications`: an OAuth client."""

    name: Name
    client_id: Name | None = None
    """Absent, one is drawn; a scenario has to give it."""
    client_secret: Name | None = None
    """Absent, one is drawn; a scenario has to give it."""
    redirect_uris: Annotated[tuple[Name, ...], msgspec.Meta(min_length=1)]
    confidential: bool = True
    scopes: tuple[str, ...] = ()
    """What the application is limited to; empty means all that the server has."""


class ResourceEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `[[resources]]` entry: a part of the API of your own, behind the real rules."""

    path: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^/v1(/[A-Za-z0-9_\-]+|/\{id\})+$",
            description="a path below /v1/ (`{id}` stands for any segment)",
        ),
    ]
    methods: Annotated[
        tuple[Literal["GET", "POST", "PUT", "PATCH", "DELETE"], ...], msgspec.Meta(min_length=1)
    ] = ("GET",)
    scopes: tuple[str, ...] = ()
    """Any one of them opens it; empty means any default scope."""
    status: Annotated[int, msgspec.Meta(ge=200, le=599)] = 200
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
            msgspec.Meta(pattern=r"^api\.[A-Za-z0-9_.\-{}]+$", description="a label below `api.`"),
        ]
        | None
    ) = None
    """What faults and the journal call it; absent, `api.` and the path after `/v1/`."""


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """A scenario file as a whole."""

    title: str = ""
    client_should: str = ""
    """What a correct client does in this situation."""
    cases: tuple[str, ...] = ()
    """The ids of the client failures that it shows (C09, E02, ...)."""
    provider: ProviderOptions = ProviderOptions()
    organizations: tuple[OrganizationEntry, ...] = ()
    users: tuple[UserEntry, ...] = ()
    applications: tuple[ApplicationEntry, ...] = ()
    resources: tuple[ResourceEntry, ...] = ()
    faults: tuple[dict[str, object], ...] = ()
    """`[[faults]]`: `on`, `fault`, when to strike, and the kind's own parameters."""
    journal_capacity: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 10_000
    """How many exchanges the journal keeps; the oldest make room."""

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What the endpoints are called, those of its resources included."""
        return all_labels(one.label or label_of(one.path) for one in self.resources)

    @cached_property
    def read_faults(self) -> tuple[Fault, ...]:
        """Its faults, read once. Raises InvalidInputError with the key that is wrong."""
        return tuple(
            read_fault(keys, self.labels, where=f"faults[{index}].")
            for index, keys in enumerate(self.faults)
        )


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Load one of the scenarios by its name, or a file by its path. Raises ScenarioError."""
    path = Path(name_or_path)
    if isinstance(name_or_path, Path) or path.suffix == ".toml" or len(path.parts) > 1:
        return _load_file(path)
    return load_named_scenario(name_or_path)


@cache
def load_named_scenario(name: str) -> Scenario:
    """Load one of the scenarios that come with the project. Raises ScenarioError."""
    if name not in scenario_names():
        expected = expected_one_of(name, scenario_names())
        raise ScenarioError(f"there is no scenario {name!r}; expected {expected}")
    source = files("livestorm_scenarios") / f"{name}.toml"
    return read_scenario(source.read_text(encoding="utf-8"), f"{name}.toml", Path())


def with_options(
    scenario: Scenario, options: Mapping[str, object], *, journal_capacity: int | None = None
) -> Scenario:
    """Replace provider options of a scenario, or its journal's size. Raises InvalidInputError."""
    if journal_capacity is not None:
        entry = read_struct({"journal_capacity": journal_capacity}, Scenario)
        scenario = msgspec.structs.replace(scenario, journal_capacity=entry.journal_capacity)
    if not options:
        return scenario
    current = msgspec.to_builtins(scenario.provider)
    provider = read_struct(current | dict(options), ProviderOptions)
    return prepared(msgspec.structs.replace(scenario, provider=provider))


def prepared(scenario: Scenario, folder: Path | None = Path()) -> Scenario:
    """Check what the types alone don't tell, and read the bodies of resources.

    `folder` is where their files are; without one, none is read. Raises InvalidInputError.
    """
    _check_references(scenario)
    # What is read stays with a copy: whoever made the scenario may change its lists afterwards.
    ready = msgspec.structs.replace(_with_bodies(scenario, folder))
    _ = ready.read_faults
    return ready


@cache
def scenario_names() -> Sequence[str]:
    """Give the names of the scenarios that come with the project, sorted."""
    found = files("livestorm_scenarios").iterdir()
    return sorted(one.name.removesuffix(".toml") for one in found if one.name.endswith(".toml"))


def read_scenario(text: str, file: str, folder: Path | None) -> Scenario:
    """Read a scenario from TOML; `file` is for messages, `folder` has the files that it names.

    Without a folder it may name none. Raises ScenarioError.
    """
    try:
        return prepared(read_struct(tomllib.loads(text), Scenario), folder)
    except InvalidInputError as error:
        raise ScenarioError(f"{file}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise ScenarioError(f"{file}: not valid TOML: {error}") from None


def _load_file(path: Path) -> Scenario:
    try:
        # Editors on Windows begin a file with a byte order mark.
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path}: not valid UTF-8 at byte {error.start}") from None
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{str(path)!r}: can't be read: {_reason(error)}") from None
    return read_scenario(text, str(path), path.parent)


def _check_references(scenario: Scenario) -> None:
    _check_credentials(scenario.applications)
    organizations = [one.name for one in scenario.organizations or (DEFAULT_ORGANIZATION,)]
    for index, user in enumerate(scenario.users):
        if user.organization is not None and user.organization not in organizations:
            expected = expected_one_of(user.organization, organizations)
            raise InvalidInputError(f"users[{index}].organization", user.organization, expected)
    homes = [one.organization or organizations[0] for one in scenario.users]
    has_user = not homes or organizations[0] in homes
    scenario.provider.check("provider.", scenario.labels, has_user=has_user)
    known = scenario.provider.scopes
    for index, application in enumerate(scenario.applications):
        check_scopes(f"applications[{index}].scopes", application.scopes, known)
    for index, resource in enumerate(scenario.resources):
        check_scopes(f"resources[{index}].scopes", resource.scopes, known)
    for index, resource in enumerate(scenario.resources):
        earlier = [one for one in scenario.resources[:index] if one.path == resource.path]
        if any(set(one.methods) & set(resource.methods) for one in earlier):
            expected = "a path, or methods, of its own"
            raise InvalidInputError(f"resources[{index}].path", resource.path, expected)
    _check_unique("organizations", "name", [one.name for one in scenario.organizations])
    _check_unique("applications", "client_id", [one.client_id for one in scenario.applications])
    _check_unique("users", "email", [one.email for one in scenario.users])


def _check_credentials(applications: Sequence[ApplicationEntry]) -> None:
    for index, application in enumerate(applications):
        for name in ("client_id", "client_secret"):
            if getattr(application, name) is None:
                raise MissingKeyError(f"applications[{index}].{name}", "a text")


def check_scopes(key: str, scopes: Sequence[str], known: Sequence[str]) -> None:
    """Check that all scopes are known; `key` is where they stand. Raises InvalidInputError."""
    for scope in scopes:
        if scope not in known:
            raise InvalidInputError(key, scope, expected_one_of(scope, known))


def _check_unique(table: str, key: str, values: Sequence[str | None]) -> None:
    for index, value in enumerate(values):
        if value in values[:index]:
            raise InvalidInputError(f"{table}[{index}].{key}", value, "a value of its own")


def _with_bodies(scenario: Scenario, folder: Path | None) -> Scenario:
    """Put the content of `file` and `json` into `body`."""
    resources = tuple(
        msgspec.structs.replace(
            one, body=_body(f"resources[{index}]", one, folder), json=None, file=None
        )
        for index, one in enumerate(scenario.resources)
    )
    if resources == scenario.resources:
        return scenario
    return msgspec.structs.replace(scenario, resources=resources)


def _body(where: str, resource: ResourceEntry, folder: Path | None) -> str:
    given = [name for name in ("json", "body", "file") if getattr(resource, name) is not None]
    if len(given) > 1:
        raise InvalidInputError(f"{where}.{given[1]}", getattr(resource, given[1]), "one body only")
    if resource.json is not None:
        return _dumped(where, resource.json)
    if resource.file is not None:
        return _read(where, resource.file, folder)
    return resource.body or ""


def _dumped(where: str, value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"{where}.json", value, f"what JSON can hold ({error})") from None


def _read(where: str, file: str, folder: Path | None) -> str:
    if folder is None:
        raise InvalidInputError(f"{where}.file", file, "no file: give json or body")
    try:
        return (folder / file).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        expected = f"a text file that can be read ({_reason(error)})"
        raise InvalidInputError(f"{where}.file", file, expected) from None


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)

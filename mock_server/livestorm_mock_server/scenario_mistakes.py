"""All that is wrong with a scenario: types, and what they don't tell."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

import msgspec

from .arming.reach import find_name_mistakes
from .arming.reading import find_fault_mistakes
from .collections.declared import Collection as DeclaredCollection
from .declaring.entries import CollectionEntry
from .declaring.kinds import declare
from .declaring.mistakes import find_collection_mistakes
from .labels import Labels, all_labels
from .mistakes import find_mistakes, find_refusal
from .options import ProviderOptions
from .patterns import compile_late
from .reading import InvalidInputError, MissingKeyError, expected_one_of, read_struct
from .scenario import (
    DEFAULT_ORGANIZATION,
    ApplicationEntry,
    OrganizationEntry,
    ResourceEntry,
    Scenario,
    UserEntry,
    check_application,
    check_scopes,
)
from .scenario_bodies import read_body

E = TypeVar("E", bound=msgspec.Struct)
Mistakes = Iterator[InvalidInputError]

MOST_FOUND = 500
"""So many mistakes are looked for, and no more."""

# Tables, each with the index of an entry, or None for the table itself.
_Places = Set[tuple[str, str | None]]
_TOP = compile_late(r"(?:a (?:key|value) of )?(?P<table>\w+)(?:\[(?P<index>\d+)\])?")


class _Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario as far as it can be read: entries that are whole, by their place."""

    document: Mapping[str, object]
    broken: Collection[str]
    """Tables with a wrong entry: what refers to them is not judged."""
    folder: Path | None
    provider: ProviderOptions
    organizations: Mapping[int, OrganizationEntry]
    users: Mapping[int, UserEntry]
    applications: Mapping[int, ApplicationEntry]
    resources: Mapping[int, ResourceEntry]
    collections: Mapping[int, CollectionEntry]
    wrong_collections: list[InvalidInputError]
    labels: Labels | None
    """The labels of its endpoints, None where they are not known."""

    @property
    def scopes(self) -> Collection[str] | None:
        """The scopes of the server, None where they are not known."""
        return None if "provider" in self.broken else self.provider.scopes


def find_scenario_mistakes(
    document: Mapping[str, object], folder: Path | None
) -> list[InvalidInputError]:
    """Give all mistakes of a scenario, as far as one does not hide another, at most `MOST_FOUND`.

    `folder` has the files that it names; without one it may name none.
    """
    found = list(islice(find_mistakes(document, Scenario), MOST_FOUND))
    if len(found) == MOST_FOUND:
        return found
    try:
        draft = _draft(document, _places(found), folder)
    except InvalidInputError as error:
        return [*found, error]
    others = chain.from_iterable(check(draft) for check in _CHECKS)
    return list(islice(chain(found, others), MOST_FOUND))


def _places(found: Iterable[InvalidInputError]) -> _Places:
    """Give the tables that have mistakes, and their entries that do."""
    places = (_TOP.match(one.key) for one in found)
    return {(one["table"], one["index"]) for one in places if one}


def _draft(document: Mapping[str, object], wrong: _Places, folder: Path | None) -> _Draft:
    broken = {table for table, _ in wrong}
    provider = {} if "provider" in broken else document.get("provider", {})
    whole = partial(_whole_entries, document, wrong)
    resources = whole("resources", ResourceEntry)
    declared = ((one.endpoint, one.methods) for one in resources.values())
    collections = whole("collections", CollectionEntry)
    wrong_collections = list[InvalidInputError]()
    if "collections" not in broken:  # Who is referred to may be the one that is.
        wrong_collections += islice(find_collection_mistakes(collections, folder), MOST_FOUND)
    is_broken = wrong_collections or broken & {"resources", "collections"}
    return _Draft(
        document=document,
        broken=broken,
        folder=folder,
        provider=read_struct(provider, ProviderOptions, where="provider"),
        organizations=whole("organizations", OrganizationEntry),
        users=whole("users", UserEntry),
        applications=whole("applications", ApplicationEntry),
        resources=resources,
        collections=collections,
        wrong_collections=wrong_collections,
        labels=None if is_broken else all_labels(declared, _routed(collections.values())),
    )


def _routed(entries: Iterable[CollectionEntry]) -> Sequence[DeclaredCollection]:
    """Give the collections of entries, without their items."""
    bare = [msgspec.structs.replace(one, items=(), file=None, generate=None) for one in entries]
    return declare(bare).collections


def _whole_entries(
    document: Mapping[str, object], wrong: _Places, table: str, entry: type[E]
) -> Mapping[int, E]:
    """Read the entries of a table that have no mistake, by their index."""
    given = document.get(table, ())
    if (table, None) in wrong or not isinstance(given, list | tuple):
        return {}
    return {
        index: read_struct(one, entry, where=f"{table}[{index}]")
        for index, one in enumerate(given)
        if (table, str(index)) not in wrong
    }


def _check_credentials(draft: _Draft) -> Mistakes:
    for index, application in draft.applications.items():
        for name in ("client_id", "client_secret"):
            if getattr(application, name) is None:
                yield MissingKeyError(f"applications[{index}].{name}", "a text")


def _check_organizations_of_users(draft: _Draft) -> Mistakes:
    names = [one.name for one in draft.organizations.values()] or [DEFAULT_ORGANIZATION.name]
    known = {None, *names}
    for index, user in draft.users.items():
        if user.organization not in known and "organizations" not in draft.broken:
            expected = expected_one_of(user.organization, names)
            yield InvalidInputError(f"users[{index}].organization", user.organization, expected)


def _check_provider(draft: _Draft) -> Mistakes:
    if draft.labels is None or {"provider", "organizations", "users"} & set(draft.broken):
        return
    names = [one.name for one in draft.organizations.values()] or [DEFAULT_ORGANIZATION.name]
    homes = [one.organization or names[0] for one in draft.users.values()]
    check = partial(draft.provider.check, has_user=not homes or names[0] in homes)
    yield from find_refusal(check, "provider.", draft.labels)


def _check_applications(draft: _Draft) -> Mistakes:
    for index, entry in draft.applications.items():
        known = entry.scopes if draft.scopes is None else draft.scopes
        yield from find_refusal(check_application, f"applications[{index}].", entry, known)


def _check_resources(draft: _Draft) -> Mistakes:
    seen: dict[tuple[str, str], list[ResourceEntry]] = defaultdict(list)
    for index, entry in draft.resources.items():
        where = f"resources[{index}]"
        known = entry.scopes if draft.scopes is None else draft.scopes
        yield from find_refusal(check_scopes, f"{where}.scopes", entry.scopes, known)
        others = [one for method in entry.methods for one in seen[entry.path, method]]
        if any(one.when == entry.when for one in others):
            expected = "a path, methods, or conditions of its own"
            yield InvalidInputError(f"{where}.path", entry.path, expected)
        for one in others[:1]:
            if one.endpoint != entry.endpoint:
                expected = f"{one.endpoint}, as at this path before"
                yield InvalidInputError(f"{where}.label", entry.label, expected)
        for method in entry.methods:
            seen[entry.path, method].append(entry)
        yield from find_name_mistakes(f"{where}.when.query.", entry.when.query)
        yield from find_refusal(read_body, where, entry, draft.folder)


def _check_collections(draft: _Draft) -> Mistakes:
    for index, entry in draft.collections.items():
        for name in ("read", "write"):
            scopes = getattr(entry, name)
            known = scopes if draft.scopes is None else draft.scopes
            yield from find_refusal(check_scopes, f"collections[{index}].{name}", scopes, known)
    yield from draft.wrong_collections


def _check_unique(draft: _Draft) -> Mistakes:
    tables: tuple[tuple[str, str, Mapping[int, msgspec.Struct]], ...] = (
        ("organizations", "name", draft.organizations),
        ("applications", "client_id", draft.applications),
        ("users", "email", draft.users),
    )
    for table, key, entries in tables:
        seen: set[str | None] = {None}
        for index, entry in entries.items():
            value = getattr(entry, key)
            if value is not None and value in seen:
                yield InvalidInputError(f"{table}[{index}].{key}", value, "a value of its own")
            seen.add(value)


def _check_faults(draft: _Draft) -> Mistakes:
    faults, labels = draft.document.get("faults", ()), draft.labels
    for index, keys in enumerate(faults if isinstance(faults, list | tuple) else ()):
        if isinstance(keys, Mapping):
            yield from find_fault_mistakes(keys, labels, where=f"faults[{index}].")


_CHECKS: tuple[Callable[[_Draft], Mistakes], ...] = (
    _check_credentials,
    _check_organizations_of_users,
    _check_provider,
    _check_applications,
    _check_resources,
    _check_collections,
    _check_unique,
    _check_faults,
)

"""From the entries to types and collections."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

import msgspec

from ..collections.declared import Collection, Filter, Kind, Relationship
from ..collections.item import Item
from ..patterns import compile_late
from .entries import CollectionEntry, FilterEntry, RelationshipEntry
from .generating import generate_items
from .rows import read_items

Related = Mapping[str, Mapping[str, Relationship]]
"""The relationships of each type, by name."""

_PLACEHOLDER = compile_late(r"\{([a-z_]+)\}")


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """The collections of a scenario, and the types of their items."""

    kinds: Mapping[str, Kind]
    collections: tuple[Collection, ...]


def declare(entries: Sequence[CollectionEntry]) -> Declared:
    """Make types and collections of entries that are without a mistake, files included."""
    by_type: defaultdict[str, list[tuple[int, CollectionEntry]]] = defaultdict(list)
    for index, entry in enumerate(entries):
        by_type[entry.type].append((index, entry))
    kinds: dict[str, Kind] = {}
    for type_name, those in by_type.items():
        kinds[type_name] = _kind(type_name, those, kinds)
    by_path = {entry.path: entry.type for entry in entries}
    collections = tuple(_collection(entry, kinds[entry.type], by_path) for entry in entries)
    return Declared(kinds=kinds, collections=collections)


def placeholder_of(path: str) -> str | None:
    """Give the name in `{...}`, the first one."""
    found = _PLACEHOLDER.search(path)
    return found and found[1]


def parent_path(path: str) -> str:
    """Give the path of the collection whose item stands in `{...}`."""
    return path.partition("/{")[0]


def route_of(path: str) -> str:
    """Give the path as routes have it."""
    return _PLACEHOLDER.sub("{id}", path)


def default_label(path: str) -> str:
    """Give the label of a collection that has none of its own."""
    parts = PurePosixPath(path).parts[2:]
    return ".".join(("api", *(part for part in parts if not part.startswith("{"))))


def relationships_of(entries: Iterable[CollectionEntry]) -> dict[str, Relationship]:
    """Give all relationships of the entries of a type, by name."""
    return {one.name: _relationship(one) for entry in entries for one in entry.relationships}


def relationships_by_type(entries: Iterable[CollectionEntry]) -> Related:
    """Give all relationships by type, and by name."""
    by_type: defaultdict[str, list[CollectionEntry]] = defaultdict(list)
    for entry in entries:
        by_type[entry.type].append(entry)
    return {name: relationships_of(those) for name, those in by_type.items()}


def filters_of(entries: Iterable[CollectionEntry]) -> dict[str, Filter]:
    """Give all filters of the entries of a type, by name."""
    filters = [_filter(one) for entry in entries for one in entry.filters]
    return {one.name: one for one in filters}


def _kind(
    type_name: str, those: Sequence[tuple[int, CollectionEntry]], others: Mapping[str, Kind]
) -> Kind:
    entries = [entry for _, entry in those]
    relationships = relationships_of(entries)
    items: list[Item] = []
    for index, entry in those:
        items += read_items(f"collections[{index}].items", entry.items, type_name, relationships)
        if entry.generate is not None:
            known = {name: (kind.relationships, kind.items) for name, kind in others.items()}
            known[type_name] = relationships, items
            items += list(generate_items(entry.generate, type_name, relationships, known))
    return Kind(
        type=type_name,
        items=tuple(items),
        has_members=any(one.members for one in entries),
        relationships=relationships,
        filters=filters_of(entries),
        required=tuple(dict.fromkeys(name for one in entries for name in one.required)),
        unique=tuple(dict.fromkeys(name for one in entries for name in one.unique)),
        choices={name: values for one in entries for name, values in one.choices.items()},
        fields=tuple(dict.fromkeys(name for one in entries for name in one.fields)),
        defaults={name: value for one in entries for name, value in one.defaults.items()},
        has_timestamps=all(one.timestamps for one in entries),
        are_contacts=any(one.contacts for one in entries),
    )


def _collection(entry: CollectionEntry, kind: Kind, by_path: Mapping[str, str]) -> Collection:
    parent = placeholder_of(entry.path)
    return Collection(
        kind=kind,
        path=route_of(entry.path),
        label=entry.label or default_label(entry.path),
        operations=entry.operations,
        read=entry.read,
        write=entry.write,
        has_pages=entry.paging,
        parent=parent,
        parent_type=None if parent is None else by_path[parent_path(entry.path)],
    )


def _relationship(entry: RelationshipEntry) -> Relationship:
    return Relationship(type=entry.type, many=entry.many, inverse=entry.inverse)


def _filter(entry: FilterEntry | str) -> Filter:
    if isinstance(entry, str):
        return Filter(name=entry, attribute=entry)
    return Filter(name=entry.name, attribute=entry.attribute or entry.name, compare=entry.compare)

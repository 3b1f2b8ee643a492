"""What is wrong with collections beyond the types of their keys."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ..collections.declared import JOB, JOBS, ORGANIZATIONS, TASKS, Relationship
from ..collections.item import Item
from ..collections.json_values import copy_of
from ..reading import InvalidInputError, expected_one_of
from .entries import CollectionEntry
from .kinds import Related, parent_path, placeholder_of, relationships_by_type, route_of
from .rows import read_items, read_rows

Mistakes = Iterator[InvalidInputError]
Entries = Mapping[int, CollectionEntry]


def find_collection_mistakes(entries: Entries, folder: Path | None) -> Mistakes:
    """Give what is wrong; entries by their index, `folder` has the files that they name."""
    by_type: defaultdict[str, list[CollectionEntry]] = defaultdict(list)
    for entry in entries.values():
        by_type[entry.type].append(entry)
    related = relationships_by_type(entries.values())
    yield from _find_in_paths(entries, related)
    yield from _find_in_bulk(entries, related)
    for index, entry in entries.items():
        yield from _find_in_relationships(f"collections[{index}]", entry, related, by_type)
        yield from _find_in_values(f"collections[{index}]", entry, related[entry.type])
    yield from _find_in_items(entries, related, folder)


def _find_in_paths(entries: Entries, related: Related) -> Mistakes:
    types = {route_of(entry.path): entry.type for entry in entries.values()}
    seen = Counter[str]()
    for index, entry in entries.items():
        path = route_of(entry.path)
        seen[path] += 1
        expected = _expected_of_path(entry, types, related)
        if seen[path] > 1:
            expected = "a path of its own"
        if expected is not None:
            yield InvalidInputError(f"collections[{index}].path", entry.path, expected)


def _expected_of_path(
    entry: CollectionEntry, types: Mapping[str, str], related: Related
) -> str | None:
    """Say what a path should be that leads to a parent and can't."""
    name, above = placeholder_of(entry.path), parent_path(entry.path)
    if name is None:
        return None
    if entry.path.count("{") > 1:
        return "a path with one {...} at most"
    if above not in types:
        return f"a path below a collection: none is at {above}"
    known = [one for one, to in related[entry.type].items() if to.type == types[above]]
    if name in known:
        return None
    return f"in {{...}} a relationship to {types[above]}, {expected_one_of(name, known)}"


def _find_in_bulk(entries: Entries, related: Related) -> Mistakes:
    """Find what can be done in bulk without anything to show its job and tasks."""
    has_jobs = JOBS in related and JOB in related.get(TASKS, {})
    for index, entry in entries.items():
        if "bulk" in entry.operations and not has_jobs:
            key = f"collections[{index}].operations"
            expected = f"no bulk without collections of {JOBS} and of {TASKS} related to a {JOB}"
            yield InvalidInputError(key, entry.operations, expected)


def _find_in_relationships(
    where: str,
    entry: CollectionEntry,
    related: Related,
    by_type: Mapping[str, Sequence[CollectionEntry]],
) -> Mistakes:
    names = Counter(one.name for those in by_type[entry.type] for one in those.relationships)
    for index, one in enumerate(entry.relationships):
        key = f"{where}.relationships[{index}]"
        if names[one.name] > 1:
            yield InvalidInputError(f"{key}.name", one.name, "a name of its own")
        if one.type not in related and one.type != ORGANIZATIONS:
            expected = expected_one_of(one.type, [*related, ORGANIZATIONS])
            yield InvalidInputError(f"{key}.type", one.type, expected)
        elif one.inverse is not None and one.inverse not in related.get(one.type, {}):
            expected = expected_one_of(one.inverse, related.get(one.type, {}))
            yield InvalidInputError(f"{key}.inverse", one.inverse, expected)
    if entry.generate is not None:
        yield from _find_in_generate(f"{where}.generate", entry, related, by_type)


def _find_in_values(where: str, entry: CollectionEntry, known: Container[str]) -> Mistakes:
    """Find attributes of items to come that no answer can hold."""
    for name, value in entry.defaults.items():
        if name in known:
            expected = "no attribute of this name, which a relationship has"
            yield InvalidInputError(f"{where}.defaults.{name}", value, expected)
    made = entry.generate.attributes if entry.generate is not None else {}
    for key, values in (("defaults", entry.defaults), ("generate.attributes", made)):
        try:
            copy_of(f"{where}.{key}", values)
        except InvalidInputError as error:
            yield error


def _find_in_generate(
    where: str,
    entry: CollectionEntry,
    related: Related,
    by_type: Mapping[str, Sequence[CollectionEntry]],
) -> Mistakes:
    known, generate = related[entry.type], entry.generate
    names = list(by_type)
    before = names[: names.index(entry.type)]
    for index, name in enumerate(generate.relationships if generate else ()):
        key = f"{where}.relationships[{index}]"
        if name not in known:
            yield InvalidInputError(key, name, expected_one_of(name, known))
        elif known[name].type not in before or not any(map(_has_items, by_type[known[name].type])):
            expected = f"a relationship to items that are declared above, unlike {known[name].type}"
            yield InvalidInputError(key, name, expected)


def _has_items(entry: CollectionEntry) -> bool:
    return bool(entry.items or entry.body or entry.file or entry.generate)


def _find_in_items(entries: Entries, related: Related, folder: Path | None) -> Mistakes:
    found: dict[str, list[tuple[str, Item]]] = {name: [] for name in related}
    for index, entry in entries.items():
        where = f"collections[{index}]"
        try:
            for key, rows in read_rows(where, entry, folder, related[entry.type]):
                items = read_items(key, rows, entry.type, related[entry.type])
                found[entry.type] += [(f"{key}[{i}]", one) for i, one in enumerate(items)]
        except InvalidInputError as error:
            yield error
            return
    ids = {name: _ids(name, items, entries.values()) for name, items in found.items()}
    for type_name, those in found.items():
        yield from _find_doubles(those)
        yield from _find_strangers(those, related[type_name], ids)


def _find_doubles(items: Iterable[tuple[str, Item]]) -> Mistakes:
    seen: set[str] = set()
    for where, item in items:
        if item.id and item.id in seen:
            yield InvalidInputError(f"{where}.id", item.id, "an id of its own")
        seen.add(item.id)


def _find_strangers(
    items: Iterable[tuple[str, Item]],
    related: Mapping[str, Relationship],
    ids: Mapping[str, Container[str] | None],
) -> Mistakes:
    """Find relationships that lead to no item."""
    for where, item in items:
        for name, linkage in item.relationships.items():
            there = ids.get(related[name].type)
            for one in linkage if isinstance(linkage, tuple) else [linkage]:
                if one is not None and there is not None and one not in there:
                    expected = f"the id of one of the {related[name].type}"
                    yield InvalidInputError(f"{where}.{name}", one, expected)


def _ids(
    type_name: str, items: Iterable[tuple[str, Item]], entries: Iterable[CollectionEntry]
) -> Container[str] | None:
    """Give the ids of a type; None where some are not known yet."""
    those = [one for one in entries if one.type == type_name]
    if any(one.members or one.generate for one in those):
        return None
    return {item.id for _, item in items}

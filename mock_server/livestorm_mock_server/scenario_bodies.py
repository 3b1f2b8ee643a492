"""What a scenario has in files beside it, and the bodies of its resources."""

import json
from collections.abc import Collection
from itertools import chain
from pathlib import Path

import msgspec

from .declaring.entries import CollectionEntry
from .declaring.kinds import relationships_by_type
from .declaring.rows import read_rows
from .reading import InvalidInputError
from .scenario import ResourceEntry, Scenario


def with_bodies(scenario: Scenario, folder: Path | None) -> Scenario:
    """Put what resources and collections have in files into them. Raises InvalidInputError."""
    resources = tuple(
        msgspec.structs.replace(
            one, body=read_body(f"resources[{index}]", one, folder), json=None, file=None
        )
        for index, one in enumerate(scenario.resources)
    )
    related = relationships_by_type(scenario.collections)
    collections = tuple(
        msgspec.structs.replace(
            one,
            items=_items_of(f"collections[{index}]", one, folder, related[one.type]),
            body=None,
            file=None,
        )
        for index, one in enumerate(scenario.collections)
    )
    if (resources, collections) == (scenario.resources, scenario.collections):
        return scenario
    return msgspec.structs.replace(scenario, resources=resources, collections=collections)


def _items_of(
    where: str, entry: CollectionEntry, folder: Path | None, related: Collection[str]
) -> tuple[dict[str, object], ...]:
    rows = (rows for _, rows in read_rows(where, entry, folder, related))
    return tuple(chain.from_iterable(rows))


def read_body(where: str, resource: ResourceEntry, folder: Path | None) -> str:
    """Give the body of a resource; `folder` has its file. Raises InvalidInputError."""
    given = [name for name in ("json", "body", "file") if getattr(resource, name) is not None]
    if len(given) > 1:
        raise InvalidInputError(f"{where}.{given[1]}", getattr(resource, given[1]), "one body only")
    if resource.json is not None:
        return _dumped(where, resource.json)
    if resource.file is not None:
        return _read(where, resource.file, folder)
    return _checked(f"{where}.body", resource.body or "")


def _dumped(where: str, value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        text.encode()
        return text
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInputError(f"{where}.json", value, f"what JSON can hold ({error})") from None


def _checked(key: str, body: str) -> str:
    try:
        body.encode()
    except ValueError as error:
        raise InvalidInputError(key, body, f"a text of Unicode ({error})") from None
    return body


def _read(where: str, file: str, folder: Path | None) -> str:
    if folder is None:
        raise InvalidInputError(f"{where}.file", file, "no file: give json or body")
    try:
        return (folder / file).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        expected = f"a text file that can be read ({reason_of(error)})"
        raise InvalidInputError(f"{where}.file", file, expected) from None


def reason_of(error: Exception) -> str:
    """Say why a file can't be read."""
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)

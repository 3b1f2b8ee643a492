"""The items that a collection begins with: tables, and files in JSON or CSV."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path

from ..collections.item import Item, is_id
from ..collections.json_values import copy_of, read_linkage
from ..patterns import compile_late
from ..reading import InvalidInputError
from .entries import CollectionEntry

_MEMBERS = ("id", "type", "attributes", "relationships", "links", "meta")
_CELL = compile_late(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?|true|false|null")


def read_rows(
    where: str, entry: CollectionEntry, folder: Path | None, related: Collection[str]
) -> Iterator[tuple[str, Sequence[dict[str, object]]]]:
    """Give the items of an entry as they are written, by the key under which they are.

    `folder` has the file, `related` are the names of relationships. Raises InvalidInputError.
    """
    yield f"{where}.items", entry.items
    if entry.body is not None:
        yield f"{where}.body", _read_body(f"{where}.body", entry.body)
    if entry.file is not None:
        yield f"{where}.file", _read_file(f"{where}.file", entry.file, folder, related)


def read_items(
    where: str, rows: Sequence[dict[str, object]], type_name: str, related: Collection[str]
) -> Iterator[Item]:
    """Give the items of a key; `related` are the names of their relationships.

    Raises InvalidInputError.
    """
    for index, written in enumerate(rows):
        place = f"{where}[{index}]"
        row = copy_of(place, written)
        is_object = isinstance(row.get("attributes"), Mapping) and set(row) <= set(_MEMBERS)
        yield (_of_object if is_object else _of_table)(place, row, type_name, related)


def _of_object(
    place: str, row: Mapping[str, object], type_name: str, related: Collection[str]
) -> Item:
    if row.get("type", type_name) != type_name:
        raise InvalidInputError(f"{place}.type", row["type"], type_name)
    attributes, linked = row["attributes"], row.get("relationships", {})
    if not isinstance(linked, Mapping):
        raise InvalidInputError(f"{place}.relationships", linked, "a table")
    return Item(
        id=_id(place, row),
        attributes=dict(attributes) if isinstance(attributes, Mapping) else {},
        relationships={
            name: read_linkage(f"{place}.relationships.{name}", _data(value))
            for name, value in linked.items()
            if name in related
        },
    )


def _of_table(
    place: str, row: Mapping[str, object], type_name: str, related: Collection[str]
) -> Item:
    del type_name
    return Item(
        id=_id(place, row),
        attributes={
            name: value for name, value in row.items() if name != "id" and name not in related
        },
        relationships={
            name: read_linkage(f"{place}.{name}", value)
            for name, value in row.items()
            if name in related
        },
    )


def _id(place: str, row: Mapping[str, object]) -> str:
    value = row.get("id", "")
    if not isinstance(value, str) or (value and not is_id(value)):
        raise InvalidInputError(f"{place}.id", value, "a text without slashes and dots")
    return value


def _data(value: object) -> object:
    """Give the ids of a JSON:API relationship."""
    linked = value.get("data") if isinstance(value, Mapping) else value
    if isinstance(linked, list | tuple):
        return [one.get("id") if isinstance(one, Mapping) else one for one in linked]
    return linked.get("id") if isinstance(linked, Mapping) else linked


def _read_file(
    key: str, file: str, folder: Path | None, related: Collection[str]
) -> Sequence[dict[str, object]]:
    if folder is None:
        raise InvalidInputError(key, file, "no file: give items")
    if Path(file).suffix not in _READERS:
        raise InvalidInputError(key, file, "a file whose name ends with .json or .csv")
    try:
        text = (folder / file).read_text(encoding="utf-8-sig")
        return _READERS[Path(file).suffix](text, related)
    except OSError as error:
        told = error.strerror or str(error)
        raise InvalidInputError(key, file, f"a file that can be read ({told})") from None
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(key, file, f"a file of items ({error})") from None


def _read_body(key: str, body: str) -> Sequence[dict[str, object]]:
    try:
        return _read_json(body, ())
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(key, body, f"a JSON document of items ({error})") from None


def _read_json(text: str, related: Collection[str]) -> Sequence[dict[str, object]]:
    """Read a list of items, or a JSON:API document. Raises ValueError."""
    del related
    value = json.loads(text)
    rows = value.get("data") if isinstance(value, dict) else value
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("no list of objects, nor one under data")
    return rows


def _read_csv(text: str, related: Collection[str]) -> Sequence[dict[str, object]]:
    """Read a table with the names in its first line. Raises ValueError."""
    import csv

    try:
        rows = list(csv.DictReader(StringIO(text), strict=True, restkey="", restval=""))
    except csv.Error as error:
        raise ValueError(str(error)) from None
    for number, row in enumerate(rows, start=1):
        if "" in row:
            raise ValueError(f"row {number} has more cells than there are names")
    return [
        {
            name: (value or None) if name in related else _cell(name, value)
            for name, value in row.items()
        }
        for row in rows
    ]


def _cell(name: str, value: str) -> object:
    """Read a number, true, false, null, or nothing; anything else is a text, and each id is."""
    if name == "id" or name.endswith("_id"):
        return value
    if not value:
        return None
    return json.loads(value) if _CELL.fullmatch(value) else value


_READERS = {".json": _read_json, ".csv": _read_csv}

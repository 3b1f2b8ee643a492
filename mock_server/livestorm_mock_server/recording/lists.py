"""The lists of a recording: which paths they were at, and the items that they held."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

import msgspec

from ..collections.operations import PLACES
from ..rails.text import to_s
from .archive import API, parameters_of
from .bodies import Cleaner, json_of
from .parsed import member, read_json
from .routes import Exchange
from .vocabulary import SEGMENT, is_field
from .words import is_plain

Resource = Mapping[str, object]

_TYPE = re.compile(r"[A-Za-z]{1,24}(?:[_\-][A-Za-z]{1,24}){0,3}")


class Listed(msgspec.Struct, kw_only=True):
    """A path at which lists of one type were answered."""

    path: str
    """With `{...}` in the place of the parent's id."""
    type: str
    parent: str | None = None
    """The path of the parents' list."""
    placeholder: str | None = None
    """The relationship that leads to the parent."""
    filters: dict[str, None] = {}
    includes: dict[str, None] = {}
    operations: dict[str, None] = {}
    places: list[str] = []
    record_count: int | None = None
    largest_page: int = 0


class Lists(msgspec.Struct, kw_only=True):
    """All lists, and the items by type and id, as they were when they were first seen."""

    listed: dict[str, Listed] = {}
    items: dict[str, dict[str, Resource]] = {}
    parents: dict[str, dict[str, tuple[str, str]]] = {}
    """The path of the parents' list and the parent's id, by type and id."""
    fields: dict[str, dict[str, bool]] = {}
    """By type, what was sent as a registration field, and whether it can be declared."""
    created: set[str] = set()
    """The ids of items that came to be in the recording."""

    def find(self, path: str) -> tuple[Listed, bool] | None:
        """Give the list to which a path leads, and whether it means one of its items."""
        parts = path.removeprefix(API).split("/")
        for length, is_item in ((len(parts), False), (len(parts) - 1, True)):
            if (key := _key(parts[:length])) is not None and key in self.listed:
                found = self.listed[key]
                if found.parent is None or self.has_parent(found, parts[1]):
                    return found, is_item
        return None

    def has_parent(self, listed: Listed, parent_id: str) -> bool:
        """Tell whether a parent is among the items."""
        parent = self.listed.get(listed.parent or "")
        return parent is not None and (
            parent_id in self.items[parent.type] or parent_id in self.created
        )


def read_lists(exchanges: Sequence[Exchange], cleaner: Cleaner) -> Lists:
    """Find the lists of the API; one whose type is no word is none."""
    lists = Lists(created=_created(exchanges))
    answered = [one for one in exchanges if one.method == "GET" and one.is_good and one.is_of_api]
    # Parents first, and of those what tells its type, whatever came first in the recording.
    for depth, may_be_empty in ((1, False), (1, True), (3, False), (3, True)):
        for one in answered:
            parts = one.path.removeprefix(API).split("/")
            if len(parts) == depth:
                _read_list(lists, one, parts, cleaner, may_be_empty=may_be_empty)
    for one in exchanges:
        _read_item(lists, one)
        _read_use(lists, one, cleaner)
    return lists


def _created(exchanges: Sequence[Exchange]) -> set[str]:
    """Give the ids of items that came to be in the recording."""
    made = (json_of(one.recorded) for one in exchanges if one.method == "POST" and one.is_good)
    data = (member(one, "data") for one in made)
    return {str(one.get("id")) for one in data if isinstance(one, dict)}


def _key(parts: Sequence[str]) -> str | None:
    """Give a list's path without its parent's id, None for what is no list."""
    if len(parts) not in (1, 3) or not all(map(SEGMENT.fullmatch, parts[::2])):
        return None
    return API + "/{id}/".join(parts[::2])


def _read_list(
    lists: Lists, one: Exchange, parts: Sequence[str], cleaner: Cleaner, *, may_be_empty: bool
) -> None:
    document, key = json_of(one.recorded), _key(parts)
    data, meta = member(document, "data"), member(document, "meta")
    if key is None or not all(map(cleaner.is_name, parts[::2])):
        return
    if data == [] and may_be_empty and isinstance(meta, dict):
        # Of what was never there, nobody saw the type.
        known = lists.listed.get(key)
        type_name = parts[-1] if known is None else known.type
    elif data and _are_resources(data):
        type_name = str(data[0]["type"])
    else:
        return
    if not cleaner.is_name(type_name) or not (type_name == parts[-1] or is_plain(type_name)):
        return
    parent = None if len(parts) == 1 else _key(parts[:1])
    listed = lists.listed.get(key) or Listed(path=key, type=type_name, parent=parent)
    if listed.type != type_name or (parent and not lists.has_parent(listed, parts[1])):
        return
    lists.listed[key] = listed
    _read_meta(listed, meta)
    items = lists.items.setdefault(type_name, {})
    for item in data:
        if (item_id := str(item["id"])) not in lists.created:
            items.setdefault(item_id, item)
            if parent is not None:
                own = lists.parents.setdefault(type_name, {})
                own.setdefault(item_id, (parent, parts[1]))


def _are_resources(data: object) -> TypeGuard[list[dict[str, object]]]:
    """Tell whether a list has resource objects of one type."""
    if not isinstance(data, list):
        return False
    ids = [one.get("id") for one in data if isinstance(one, dict)]
    types = {one.get("type") for one in data if isinstance(one, dict)}
    (type_name,) = types if len(types) == 1 else (None,)
    return (
        len(ids) == len(data)
        and all(isinstance(one, str) and one for one in ids)
        and isinstance(type_name, str)
        and _TYPE.fullmatch(type_name) is not None
    )


def _read_meta(listed: Listed, meta: object) -> None:
    if isinstance(meta, dict):
        count, size = meta.get("record_count"), meta.get("items_per_page")
        listed.record_count = count if isinstance(count, int) else listed.record_count
        listed.largest_page = max(listed.largest_page, size if isinstance(size, int) else 0)


def _read_item(lists: Lists, one: Exchange) -> None:
    """Take an item that was shown by itself to the others."""
    found = lists.find(one.path)
    if found is None or not found[1] or one.method != "GET" or not one.is_good:
        return
    data = member(json_of(one.recorded), "data")
    item_id = one.path.rpartition("/")[2]
    if (
        isinstance(data, dict)
        and data.get("type") == found[0].type
        and item_id not in lists.created
    ):
        lists.items[found[0].type].setdefault(item_id, {**data, "id": item_id})


_OPERATIONS = {
    (place.verb, place.last == "{id}"): (name, place.success)
    for name, place in PLACES.items()
    if name != "bulk"
}


def operation_of(lists: Lists, one: Exchange) -> tuple[Listed, str, int] | None:
    """Give the list, the operation and the status with which a collection would answer."""
    found = lists.find(one.path)
    verb = "GET" if one.method == "HEAD" else one.method
    known = _OPERATIONS.get((verb, found[1])) if found else None
    if found is None or known is None:
        return None
    if known[0] in ("create", "update") and not _is_document(one, found[0].type):
        return None
    if known[0] == "delete_matching" and not dict(_group(one, "filter")):
        return None
    return found[0], *known


def _is_document(one: Exchange, type_name: str) -> bool:
    """Tell whether a request has what a collection takes."""
    document = read_json(one.recorded.request.body)
    return member(document, "data", "type") == type_name


def _read_use(lists: Lists, one: Exchange, cleaner: Cleaner) -> None:
    """Take note of what was done with a list, and asked of it."""
    done = operation_of(lists, one)
    if done is None or one.status in (404, 405):
        return
    listed, operation, status = done
    listed.operations[operation] = None
    if one.status != status:  # What failed was there to be asked, and tells no more.
        return
    listed.places.append(one.recorded.where)
    if operation in ("create", "update"):
        lists.fields.setdefault(listed.type, {}).update(_fields(one, cleaner))
    named = (name for name, _ in _group(one, "filter"))
    listed.filters |= dict.fromkeys(filter(cleaner.is_name, named))
    for name, value in _group(one, "page"):
        if name == "size" and value.isascii() and value.isdigit():
            listed.largest_page = max(listed.largest_page, int(value[:9]))
    include = to_s(dict(parameters_of(one.recorded.request)).get("include"))
    listed.includes |= dict.fromkeys(filter(None, include.split(",")))


def _fields(one: Exchange, cleaner: Cleaner) -> Iterator[tuple[str, bool]]:
    """Give the ids of registration fields, and whether each is one that can be declared."""
    attributes = member(read_json(one.recorded.request.body), "data", "attributes")
    fields = attributes.get("fields", []) if isinstance(attributes, dict) else []
    for field in fields if isinstance(fields, list) else [fields]:
        is_known = is_field(field) and not isinstance(field["value"], dict)
        name = str(field["id"]) if is_field(field) else ""
        yield name, is_known and cleaner.is_name(name)


def _group(one: Exchange, name: str) -> Iterator[tuple[str, str]]:
    """Give the parameters `name[...]`."""
    given = dict(parameters_of(one.recorded.request)).get(name)
    if isinstance(given, Mapping):
        for key, value in given.items():
            yield str(key), to_s(value)

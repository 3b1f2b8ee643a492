"""From what the API answered to collections, and to resources for what is no list."""

import json
from collections.abc import Mapping, Sequence

import msgspec

from ..declaring.kinds import default_label
from ..labels import label_of
from ..rails.response import dump_json
from .bodies import Cleaner, content_type_of, is_html, json_of
from .lists import Listed, Lists, Resource, operation_of
from .parsed import member
from .routes import Exchange

Keys = dict[str, object]

_ORGANIZATIONS = "organizations"
_PING = "/v1/ping"
_BUILT_IN = (_PING, "/v1/me", "/v1/organization")
_LARGEST_PAGE = 100


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the scenario, with what is said of it."""

    keys: Keys
    comments: Sequence[str]


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """What a scenario declares of the API."""

    collections: Sequence[Entry]
    resources: Sequence[Entry]
    options: Keys


def declare_all(
    exchanges: Sequence[Exchange], lists: Lists, cleaner: Cleaner, *, content_type: str
) -> Declared:
    """Declare what the API answered; each exchange gets its label and its usual status.

    `content_type` is the API's own.
    """
    others: dict[tuple[str, str], list[Exchange]] = {}
    for one in exchanges:
        if not one.is_of_api:
            continue
        done = operation_of(lists, one)
        if done is not None and done[1] in done[0].operations:
            listed, operation, status = done
            is_item = operation in ("show", "update", "delete")
            one.label = default_label(listed.path) + (".{id}" if is_item else "")
            one.usual = (status,)
        else:
            method = "GET" if one.method == "HEAD" else one.method
            others.setdefault((one.path, method), []).append(one)
    resources = [
        entry
        for (path, method), those in others.items()
        if (entry := _resource(path, method, those, cleaner, content_type)) is not None
    ]
    return Declared(
        collections=_collections(lists, cleaner),
        resources=resources,
        options=_options(lists, cleaner),
    )


# Resources


def _resource(
    path: str, method: str, those: Sequence[Exchange], cleaner: Cleaner, usual_type: str
) -> Entry | None:
    """Declare a path as it answered where all was well, or else at the end.

    None for what the fake has itself, or does not have because nothing is there.
    """
    shown = next((one for one in those if one.is_good), None)
    answered = [one for one in those if one.status]
    if answered and all(map(_is_unknown_path, answered)):
        return None
    given = shown or (answered[-1] if answered else None)
    status = given.status if given is not None else 503
    clean = cleaner.path(path)
    for one in those:
        one.label, one.usual = label_of(clean), () if shown is None else (status,)
    if method == "GET" and path in _BUILT_IN and (shown is None or path == _PING):
        for one in those:
            one.usual = (200,)
        return None
    body, content_type = ("", None) if given is None else _body(given, cleaner)
    keys: Keys = {"path": clean, **({"methods": [method]} if method != "GET" else {})}
    keys |= {"status": status} if status != 200 else {}
    if content_type not in (None, usual_type):
        keys["content_type"] = content_type
    keys |= {"body": body} if body else {}
    return Entry(keys=keys, comments=_said(method, those, given))


def _is_unknown_path(one: Exchange) -> bool:
    """Tell whether an answer is that of Rails to a path that leads nowhere."""
    return one.status in (404, 405) and not isinstance(json_of(one.recorded), dict)


def _said(method: str, those: Sequence[Exchange], given: Exchange | None) -> list[str]:
    if given is None:
        return [f"{those[0].recorded.where}: {method} had no answer, for which 503 stands"]
    alike = [one for one in those if one.status == given.status]
    bodies = {one.recorded.body for one in alike}
    more = f"; {len(bodies) - 1} other bodies were answered here, too" if len(bodies) > 1 else ""
    return [f"{given.recorded.where}, one of {len(alike)}{more}"]


def _body(one: Exchange, cleaner: Cleaner) -> tuple[str, str | None]:
    recorded = one.recorded
    content_type, value = content_type_of(recorded), json_of(recorded)
    if value is not None:
        return dump_json(cleaner.value(value, is_error=not one.is_good)), content_type
    if not recorded.body:
        return "", None
    if is_html(recorded):
        return f"<!DOCTYPE html>\n<title>{one.status}</title>\n", content_type or "text/html"
    return cleaner.beginning(recorded.body), content_type


# Collections


def _collections(lists: Lists, cleaner: Cleaner) -> list[Entry]:
    entries, told = [], set[str]()
    related = {name: _relationships(name, lists, cleaner) for name in lists.items}
    parents_first = sorted(lists.listed.values(), key=lambda one: one.parent is not None)
    for listed in parents_first:
        listed.placeholder = _placeholder(listed, lists, related)
    for listed in parents_first:
        is_first = listed.type not in told
        told.add(listed.type)
        entries.append(_collection(listed, lists, related[listed.type], cleaner, is_first=is_first))
    return entries


def _collection(
    listed: Listed,
    lists: Lists,
    related: Mapping[str, Keys],
    cleaner: Cleaner,
    *,
    is_first: bool,
) -> Entry:
    path = listed.path.replace("{id}", f"{{{listed.placeholder}}}")
    keys: Keys = {"type": listed.type, "path": path, "operations": list(listed.operations)}
    keys |= {"filters": [_filter(name) for name in listed.filters]} if listed.filters else {}
    seen = len(lists.items[listed.type])
    comments = [", ".join(listed.places[:6]) + (", ..." if len(listed.places) > 6 else "")]
    if listed.record_count is not None and listed.record_count > seen:
        comments.append(f"{seen} of {listed.record_count} items were seen")
    if is_first:
        fields = lists.fields.get(listed.type, {})
        keys |= {"fields": list(fields)} if fields and all(fields.values()) else {}
        keys |= {"relationships": list(related.values())} if related else {}
        raw = lists.items[listed.type].values()
        items = [_item(one, listed.type, lists, related, cleaner) for one in raw]
        keys |= {"body": _as_document(items)} if _has_null(items) else {"items": items}
    return Entry(keys=keys, comments=comments)


def _filter(name: str) -> object:
    if name.endswith("_since"):
        attribute = f"{name.removesuffix('_since')}_at"
        return {"name": name, "attribute": attribute, "compare": "at_least"}
    return name


def _item(
    raw: Resource, type_name: str, lists: Lists, related: Mapping[str, Keys], cleaner: Cleaner
) -> Keys:
    """Give an item without what it held of anybody."""
    item_id = str(raw["id"])
    attributes = raw.get("attributes")
    linked = {
        name: one
        for name, keys in related.items()
        if (one := _linkage(raw, name, keys, lists, cleaner)) is not None
    }
    parent = lists.parents.get(type_name, {}).get(item_id)
    for listed in lists.listed.values():
        if parent and listed.type == type_name and listed.parent == parent[0]:
            linked[str(listed.placeholder)] = {"data": _identifier(parent[1], cleaner)}
    cleaned = cleaner.value(attributes if isinstance(attributes, dict) else {})
    return {
        **_identifier(item_id, cleaner),
        "attributes": cleaned,
        **({"relationships": linked} if linked else {}),
    }


def _identifier(item_id: str, cleaner: Cleaner) -> Keys:
    return {"id": cleaner.replacements.of(item_id, "id").replace(".", "-").replace("/", "-")}


def _linkage(raw: Resource, name: str, keys: Keys, lists: Lists, cleaner: Cleaner) -> Keys | None:
    """Give what an item is related to, as far as that was seen."""
    data = member(raw, "relationships", name, "data")
    those = lists.items.get(str(keys["type"]))

    def is_there(one: object) -> bool:
        has_id = isinstance(one, dict) and isinstance(one.get("id"), str)
        return has_id and (those is None or one["id"] in those)  # type: ignore[index]

    if isinstance(data, list):
        return {"data": [_identifier(one["id"], cleaner) for one in data if is_there(one)]}
    return {"data": _identifier(data["id"], cleaner)} if is_there(data) else None  # type: ignore[index]


def _relationships(type_name: str, lists: Lists, cleaner: Cleaner) -> dict[str, Keys]:
    """Give the relationships of a type that lead to types which are there."""
    found: dict[str, Keys] = {}
    for raw in lists.items[type_name].values():
        linked = raw.get("relationships")
        for name in linked if isinstance(linked, dict) else ():
            data = member(linked, name, "data")
            target = member(data[0] if isinstance(data, list) and data else data, "type")
            if cleaner.is_name(name) and target in (*lists.items, _ORGANIZATIONS):
                many = {"many": True} if isinstance(data, list) else {}
                found.setdefault(name, {"name": name, "type": target, **many})
    return found


def _placeholder(
    listed: Listed, lists: Lists, related: Mapping[str, dict[str, Keys]]
) -> str | None:
    """Give the relationship that leads to the parents of a list, made where there is none."""
    if listed.parent is None:
        return None
    parent_type = lists.listed[listed.parent].type
    own = related[listed.type]
    for name, keys in own.items():
        if keys["type"] == parent_type and "many" not in keys and name.islower():
            return name
    name = listed.parent.rpartition("/")[2].replace("-", "_").removesuffix("s")
    own.setdefault(name, {"name": name, "type": parent_type})
    return name


def _has_null(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_null, value.values()))
    return any(map(_has_null, value)) if isinstance(value, list) else value is None


def _as_document(items: Sequence[Keys]) -> str:
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in items)
    return f"[\n{lines}\n]"


def _options(lists: Lists, cleaner: Cleaner) -> Keys:
    """Give the options without which lists would answer otherwise."""
    largest = max((one.largest_page for one in lists.listed.values()), default=0)
    options: Keys = {"largest_page_size": largest} if largest > _LARGEST_PAGE else {}
    for one in lists.listed.values():
        names = _relationships(one.type, lists, cleaner)
        if not names.keys() >= one.includes.keys():
            options["unknown_include"] = "ignored"
    return options

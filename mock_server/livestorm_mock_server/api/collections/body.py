"""The document that a client sends: what it says of an item."""

from collections.abc import Mapping

import msgspec

from ...collections.declared import Kind
from ...collections.item import Linkage, is_id
from ...exchange import Exchange
from ...rails.errors import MalformedBody
from ...rails.parameters import parse_json
from .refusals import conflicting, invalid, malformed


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What a document has in `data`."""

    id: str | None
    attributes: Mapping[str, object]
    relationships: Mapping[str, Linkage]


def read_data(exchange: Exchange, type_name: str) -> Mapping[str, object]:
    """Read `data`, which must be of a type. Raises Refused, or BadRequest for what is no text."""
    try:
        document: Mapping[str, object] = parse_json(exchange.request.body)
    except MalformedBody:
        raise malformed("The body is no JSON") from None
    data = document.get("data")
    if not isinstance(data, dict):
        raise malformed("data is no object")
    _check_type("data.type", data.get("type"), type_name)
    return data


def read_sent(exchange: Exchange, kind: Kind) -> Sent:
    """Read what is said of an item. Raises Refused."""
    data = read_data(exchange, kind.type)
    item_id = data.get("id")
    if item_id is not None and not (isinstance(item_id, str) and is_id(item_id)):
        raise malformed("data.id is no text without slashes and dots")
    linked = _object(data, "relationships")
    return Sent(
        id=item_id,
        attributes=_object(data, "attributes"),
        relationships={name: _linkage(kind, name, value) for name, value in linked.items()},
    )


def _object(data: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = data.get(name, {})
    if not isinstance(value, dict):
        raise malformed(f"data.{name} is no object")
    return value


def _linkage(kind: Kind, name: str, value: object) -> Linkage:
    known = kind.relationships.get(name)
    if known is None or known.inverse is not None:
        raise invalid(name, "is no relationship that can be set")
    if not isinstance(value, dict) or "data" not in value:
        raise malformed(f"data.relationships.{name}.data is missing")
    linked = value["data"]
    if known.many:
        if not isinstance(linked, list):
            raise malformed(f"data.relationships.{name}.data is no list")
        return tuple(_id(name, known.type, one) for one in linked)
    return None if linked is None else _id(name, known.type, linked)


def _id(name: str, type_name: str, linked: object) -> str:
    where = f"data.relationships.{name}.data"
    if not isinstance(linked, dict) or not isinstance(linked.get("id"), str):
        raise malformed(f"{where} is no type with an id")
    _check_type(f"{where}.type", linked.get("type"), type_name)
    return str(linked["id"])


def _check_type(key: str, told: object, type_name: str) -> None:
    if told is None:
        raise malformed(f"{key} is missing")
    if not isinstance(told, str):
        raise malformed(f"{key} is no text")
    if told != type_name:
        raise conflicting(f"{key} is {told}, and has to be {type_name}")

"""Attributes as they are sent: of people, also as `fields`, a list of ids with values."""

from collections.abc import Mapping

from ...collections.declared import Kind
from .refusals import invalid, malformed, unprocessable


def read_attributes(kind: Kind, sent: Mapping[str, object]) -> Mapping[str, object]:
    """Give attributes with the fields in the place of `fields`, where a type has any.

    Raises Refused, also for one that is called as a relationship.
    """
    attributes = _with_fields(kind, sent)
    for name in attributes:
        if name in kind.relationships:
            raise invalid(name, "is a relationship, and no attribute")
    return attributes


def _with_fields(kind: Kind, attributes: Mapping[str, object]) -> Mapping[str, object]:
    if not kind.fields or "fields" not in attributes:
        return attributes
    others = {name: value for name, value in attributes.items() if name != "fields"}
    return others | _values(kind, attributes["fields"])


def _values(kind: Kind, fields: object) -> dict[str, object]:
    if not isinstance(fields, list):
        raise malformed("fields is no list")
    return dict(_value(kind, one) for one in fields)


def _value(kind: Kind, field: object) -> tuple[str, object]:
    if not isinstance(field, dict) or not isinstance(field.get("id"), str):
        raise malformed("a field is no object with an id and a value")
    name = str(field["id"])
    if name not in kind.fields:
        raise unprocessable(f"The field '{name[:80]}' doesn't exist")
    if isinstance(field.get("value"), dict):
        raise invalid(name, "is no value")
    return name, field.get("value")

"""Schemas of structs, as msgspec has them."""

from collections.abc import Iterable

import msgspec

Schema = dict[str, object]

REFERENCE = "#/components/schemas/{name}"
"""Where the description of the control API has a schema."""


def schema_of(described: object) -> Schema:
    """Give the schema of a type; that of a struct is a reference."""
    (schema,), _ = components_of([described])
    return schema


def components_of(types: Iterable[object]) -> tuple[tuple[Schema, ...], dict[str, Schema]]:
    """Give the schemas of types, and those that they refer to by their names."""
    return msgspec.json.schema_components(types, schema_hook=_any_value, ref_template=REFERENCE)


def _any_value(annotation: type) -> Schema:
    """Describe `object`: whatever JSON can hold."""
    del annotation
    return {"description": "any JSON value"}

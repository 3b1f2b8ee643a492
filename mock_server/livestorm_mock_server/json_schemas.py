"""Schemas of structs, as msgspec has them."""

from collections.abc import Iterable, Iterator

import msgspec

from .field_docstrings import field_docstrings

Schema = dict[str, object]

REFERENCE = "#/components/schemas/{name}"
"""Where an OpenAPI description has a schema."""


def schema_of(described: object) -> Schema:
    """Give the schema of a type; that of a struct is a reference."""
    (schema,), _ = components_of([described])
    return schema


def components_of(types: Iterable[object]) -> tuple[tuple[Schema, ...], dict[str, Schema]]:
    """Give the schemas of types, and those that they refer to by their names."""
    return msgspec.json.schema_components(types, schema_hook=_any_value, ref_template=REFERENCE)


def structs_within(types: Iterable[object]) -> Iterator[type[msgspec.Struct]]:
    """Give the structs of types, and those that they refer to, each once."""
    seen: set[type] = set()
    waiting: list[object] = list(msgspec.inspect.multi_type_info(types))
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, msgspec.inspect.StructType):
            if node.cls in seen:
                continue
            seen.add(node.cls)
            yield node.cls
        waiting += _inside(node)


def _inside(node: object) -> Iterator[object]:
    """Give what the description of a type, or of a field, is made of."""
    if isinstance(node, msgspec.inspect.Type | msgspec.inspect.Field):
        for name in node.__struct_fields__:
            value = getattr(node, name)
            yield from value if isinstance(value, tuple) else (value,)


def reference_to(name: str) -> Schema:
    """Give what stands for the schema of a name."""
    return {"$ref": REFERENCE.format(name=name)}


def explain(schema: Schema, struct: type[msgspec.Struct]) -> None:
    """Say in a struct's schema what each member means, as the text below its field does."""
    properties = schema["properties"]
    assert isinstance(properties, dict)
    fields = {one.name: one.encode_name for one in msgspec.structs.fields(struct)}
    for name, text in field_docstrings(struct).items():
        if name in fields:
            properties[fields[name]]["description"] = " ".join(text.split())


def _any_value(annotation: type) -> Schema:
    """Describe `object`: whatever JSON can hold."""
    del annotation
    return {"description": "any JSON value"}

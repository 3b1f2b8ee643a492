"""The description of the control API (OpenAPI 3.1), made from its operations."""

import re
from collections.abc import Iterable
from importlib.metadata import version

import msgspec

from ..arming.kinds import KINDS
from ..faults.fault import Fault
from ..field_docstrings import field_docstrings
from .operation import Operation

_REFERENCE = "#/components/schemas/{name}"


def describe(operations: Iterable[Operation]) -> dict[str, object]:
    """Give the description as a JSON object."""
    listed = list(operations)
    bodies = [one.body for one in listed if one.body not in (None, Fault)]
    _, schemas = msgspec.json.schema_components(
        [*bodies, *KINDS.values()], schema_hook=_any_value, ref_template=_REFERENCE
    )
    paths: dict[str, dict[str, object]] = {}
    for one in listed:
        paths.setdefault(f"/_mock/{one.path}", {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "livestorm-mock control API", "version": version("livestorm-mock")},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _any_value(annotation: type) -> dict[str, object]:
    """Describe `object`: whatever JSON can hold."""
    del annotation
    return {"description": "any JSON value"}


def _operation(one: Operation) -> dict[str, object]:
    described: dict[str, object] = {
        "summary": one.summary,
        "parameters": [*_path_parameters(one.path), *_query_parameters(one.query)],
        "responses": {str(code): {"description": told} for code, told in one.statuses.items()},
    }
    if one.body is not None:
        described["requestBody"] = {"content": {"application/json": {"schema": _schema(one.body)}}}
    return described


def _schema(body: type[msgspec.Struct]) -> dict[str, object]:
    if body is not Fault:
        return {"$ref": _REFERENCE.format(name=body.__name__)}
    names = {tag: _REFERENCE.format(name=kind.__name__) for tag, kind in KINDS.items()}
    return {
        "oneOf": [{"$ref": name} for name in names.values()],
        "discriminator": {"propertyName": "fault", "mapping": names},
    }


def _path_parameters(path: str) -> list[dict[str, object]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", path)
    ]


def _query_parameters(query: type[msgspec.Struct] | None) -> list[dict[str, object]]:
    told = {} if query is None else field_docstrings(query)
    return [
        {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
        for name, text in told.items()
    ]

"""The description of the control API (OpenAPI 3.1), made from its operations."""

import re
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import get_args

import msgspec

from ..arming.kinds import KINDS
from ..doorkeeper.releases import ReleaseName
from ..exchange import WEBHOOK
from ..faults.fault import CONNECTION, Fault
from ..journal.query import Query
from ..json_schemas import (
    REFERENCE,
    Schema,
    components_of,
    explain,
    reference_to,
    schema_of,
    structs_within,
)
from ..labels import all_labels
from ..scenario_files import scenario_names
from . import answers
from .bodies import SandboxBody, ScenarioBody
from .journal import StreamQuery, WaitingQuery
from .operation import Operation

_NAMES: dict[tuple[type[msgspec.Struct], str], str] = {
    (ScenarioBody, "scenario"): "ScenarioName",
    (ScenarioBody, "release"): "ReleaseName",
    (SandboxBody, "scenario"): "ScenarioName",
    (SandboxBody, "release"): "ReleaseName",
    (answers.Exchange, "endpoint"): "Label",
    (answers.Armed, "on"): "Label",
    (answers.Armed, "fault"): "FaultKind",
    **{(kind, "on"): "Label" for kind in KINDS.values()},
    **{(query, "endpoint"): "Label" for query in (Query, WaitingQuery, StreamQuery)},
}
"""The members that hold a name, with the schema of these names."""
_OF_DECLARED_RESOURCE = {"type": "string", "pattern": r"^api\."}
_FAILED = 400
"""The first status of those that `answers.Failed` describes."""
_WITHOUT_BODY = 413


def describe(operations: Iterable[Operation]) -> dict[str, object]:
    """Give the description as a JSON object."""
    listed = list(operations)
    bodies = [one.body for one in listed if one.body is not None and one.body is not Fault]
    told = [one.answers for one in listed if one.answers is not None]
    structs = list(structs_within([*bodies, *KINDS.values(), answers.Failed, *told]))
    _, schemas = components_of(structs)
    for struct in structs:
        _explain(schemas[struct.__name__], struct)
    schemas |= _name_schemas()
    paths: dict[str, dict[str, object]] = {}
    for one in listed:
        paths.setdefault(f"/_mock/{one.path}", {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "livestorm-mock control API", "version": version("livestorm-mock")},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _name_schemas() -> dict[str, Schema]:
    """Describe the names that there are."""
    return {
        "Endpoint": {"type": "string", "enum": [*all_labels(()), CONNECTION, WEBHOOK]},
        "Label": {"anyOf": [reference_to("Endpoint"), _OF_DECLARED_RESOURCE]},
        "Fault": _any_fault(),
        "FaultKind": {"type": "string", "enum": list(KINDS)},
        "ScenarioName": {"type": "string", "enum": list(scenario_names())},
        "ReleaseName": {"type": "string", "enum": list(get_args(ReleaseName))},
    }


def _explain(schema: Schema, struct: type[msgspec.Struct]) -> None:
    """Say what each member means, and which values are known."""
    properties = schema["properties"]
    assert isinstance(properties, dict)
    for name, described in properties.items():
        if (struct, name) in _NAMES:
            described |= _named(described, _NAMES[struct, name])
    explain(schema, struct)


def _named(described: Schema, schema: str) -> Schema:
    """Give the schema of a name in place of that of a text."""
    reference = reference_to(schema)
    if "anyOf" in described:
        return {"anyOf": [reference, {"type": "null"}]}
    described.pop("type")
    return reference


def _any_fault() -> Schema:
    names = {tag: REFERENCE.format(name=kind.__name__) for tag, kind in KINDS.items()}
    return {
        "oneOf": [{"$ref": name} for name in names.values()],
        "discriminator": {"propertyName": "fault", "mapping": names},
    }


def _operation(one: Operation) -> Schema:
    described: Schema = {
        "operationId": one.id,
        "summary": one.summary,
        "parameters": [*_path_parameters(one.path), *_query_parameters(one.query)],
        "responses": {str(code): _response(one, code) for code in one.statuses},
    }
    if one.body is not None:
        described["requestBody"] = {
            "content": {"application/json": {"schema": _body(one.body)}},
            "required": bool(_required(one.body)),
        }
    return described


def _response(one: Operation, status: int) -> Schema:
    told: Schema = {"description": one.statuses[status]}
    if status in (one.status, one.pending) and one.answers is not None:
        return told | {"content": {one.media_type: {"schema": schema_of(one.answers)}}}
    if status >= _FAILED and status != _WITHOUT_BODY:
        return told | {"content": {"application/json": {"schema": schema_of(answers.Failed)}}}
    return told


def _required(body: type[msgspec.Struct]) -> Sequence[str]:
    return [field.encode_name for field in msgspec.structs.fields(body) if field.required]


def _body(body: type[msgspec.Struct]) -> Schema:
    return reference_to("Fault") if body is Fault else schema_of(body)


def _path_parameters(path: str) -> list[Schema]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", path)
    ]


def _query_parameters(query: type[msgspec.Struct] | None) -> list[Schema]:
    if query is None:
        return []
    schema = msgspec.json.schema(query)["$defs"][query.__name__]
    _explain(schema, query)
    return [
        {"name": name, "in": "query", "description": one.pop("description"), "schema": _sent(one)}
        for name, one in schema["properties"].items()
    ]


def _sent(schema: Schema) -> Schema:
    """Leave out null, which no query can hold."""
    if schema.get("default", 0) is None:
        del schema["default"]
    options = schema.pop("anyOf", [])
    assert isinstance(options, list)
    return schema | next((one for one in options if one != {"type": "null"}), {})

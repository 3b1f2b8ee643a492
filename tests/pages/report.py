"""What `docs/report.md` lists, and the JSON Schema of the report: the members of the report."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
from livestorm_contract_tests.report import shape
from livestorm_contract_tests.runs import comparison
from livestorm_mock_server.field_docstrings import field_docstrings

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_WORDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def schema() -> dict[str, Any]:
    """Give the JSON Schema, with what each member means."""
    made = msgspec.json.schema(shape.Results)
    for name, described in made["$defs"].items():
        struct = getattr(shape, name, getattr(comparison, name, None))
        told = field_docstrings(struct) if struct is not None else {}
        for member, one in described.get("properties", {}).items():
            one["description"] = " ".join(told.get(member, "").split())
    return {"$schema": _DIALECT, "title": "The JSON report of livestorm-mock check", **made}


def schema_file() -> str:
    """Give the file that is shipped."""
    return json.dumps(schema(), indent=2) + "\n"


def member_tables() -> str:
    """Describe each object of the report in Markdown, the whole first."""
    structs = {name: one for name, one in schema()["$defs"].items() if "properties" in one}
    names = ["Results", *sorted(set(structs) - {"Results"})]
    return "\n".join(_section(name, structs[name]) for name in names)


def _section(name: str, struct: Mapping[str, Any]) -> str:
    rows = [
        f"| `{member}` | {_type(one)} | {one['description']} |\n"
        for member, one in struct["properties"].items()
    ]
    head = f"### {name}\n\n{struct['description']}\n\n| member | is | meaning |\n|---|---|---|\n"
    return "".join([head, *rows])


def _type(one: Mapping[str, Any]) -> str:
    """Tell the type of a member in words."""
    if "$ref" in one:
        return _named(one["$ref"].rpartition("/")[2])
    if "anyOf" in one:
        return " or ".join(map(_type, one["anyOf"]))
    if "enum" in one:
        return ", ".join(f"`{value}`" for value in one["enum"])
    if one["type"] == "array":
        return f"a list: {_type(one['items'])}"
    if one["type"] == "object":
        return f"an object by names: {_type(one['additionalProperties'])}"
    return _WORDS[one["type"]]


def _named(name: str) -> str:
    """Link to an object, or list the words of an enumeration."""
    described = schema()["$defs"][name]
    return f"[{name}](#{name.lower()})" if "properties" in described else _type(described)

"""What `docs/control-api.md` lists: the operations."""

from collections.abc import Mapping

from livestorm_mock_server.control.app import OPERATIONS
from livestorm_mock_server.control.openapi import describe

PAGES = {"Fault": "[a fault](faults.md)", "SavedSandbox": "[a state](state.md)"}
"""What has a page, by the names of the schemas."""


def operation_table() -> str:
    """Give the operations, as their OpenAPI description has them, as a Markdown table."""
    description = describe(OPERATIONS)
    paths, components = description["paths"], description["components"]
    assert isinstance(paths, dict)
    assert isinstance(components, dict)
    rows = [
        f"| `{method.upper()} {path}` | {_keys(one, components['schemas'])} | {one['summary']} |\n"
        for path, methods in paths.items()
        for method, one in methods.items()
    ]
    return "".join(["| operation | takes | what it does |\n|---|---|---|\n", *rows])


def _keys(one: Mapping[str, object], schemas: Mapping[str, Mapping[str, object]]) -> str:
    parameters, body = one["parameters"], one.get("requestBody")
    assert isinstance(parameters, list)
    names = [f"`?{each['name']}`" for each in parameters if each["in"] == "query"]
    if isinstance(body, dict):
        reference = body["content"]["application/json"]["schema"]["$ref"]
        name = reference.rpartition("/")[2]
        if name in PAGES:
            return PAGES[name]
        schema = schemas[name]
        properties = schema["properties"]
        assert isinstance(properties, dict)
        names += [f"`{name}`" for name in properties]
    return ", ".join(names)

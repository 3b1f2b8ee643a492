"""The page of the documentation that lists the operations: `docs/control-api.md`.

`python -m livestorm_mock_server.control.page docs/control-api.md` brings it up to date.
"""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from .app import OPERATIONS
from .openapi import describe

_OPERATIONS = re.compile(r"(?<=<!-- operations -->\n).*?(?=<!-- end of operations -->)", re.DOTALL)


def updated(page: str) -> str:
    """Give the page with the operations as their description has them."""
    return _OPERATIONS.sub(lambda _: operation_table(describe(OPERATIONS)), page)


def operation_table(description: Mapping[str, object]) -> str:
    """Give the operations of an OpenAPI description as a Markdown table."""
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
        schema = body["content"]["application/json"]["schema"]
        if "oneOf" in schema:
            return "[a fault](faults.md)"
        properties = schemas[schema["$ref"].rpartition("/")[2]]["properties"]
        assert isinstance(properties, dict)
        names += [f"`{name}`" for name in properties]
    return ", ".join(names)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(updated(path.read_text(encoding="utf-8")), encoding="utf-8")

"""What `docs/ci.md` lists: the inputs of the action, and the variables of the template."""

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
TEMPLATE = ROOT / "templates" / "livestorm-mock.yml"


def input_tables() -> str:
    """Give the inputs and the outputs of the action as Markdown tables."""
    action: dict[str, Any] = YAML(typ="safe").load(ACTION)
    inputs = [
        f"| `{name}` | {_value(one['default'])} | {one['description']} |\n"
        for name, one in action["inputs"].items()
    ]
    outputs = [f"| `{name}` | {one['description']} |\n" for name, one in action["outputs"].items()]
    head = "| input | by default | meaning |\n|---|---|---|\n"
    return "".join([head, *inputs, "\n| output | meaning |\n|---|---|\n", *outputs])


def variable_table() -> str:
    """Give the variables of the template, with the comments above them."""
    text = TEMPLATE.read_text(encoding="utf-8")
    found = re.findall(r"^    # (.*)\n    ([A-Z_]+): (.*)$", text, re.MULTILINE)
    rows = [f"| `{name}` | {_value(value)} | {told} |\n" for told, name, value in found]
    return "".join(["| variable | by default | meaning |\n|---|---|---|\n", *rows])


def _value(text: str) -> str:
    text = text.strip('"')
    return f"`{text}`" if text else "empty"

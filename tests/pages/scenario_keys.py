"""What `docs/scenario-file.md` lists: each key of a scenario file."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from livestorm_mock_server import Scenario
from livestorm_mock_server.field_docstrings import field_docstrings
from livestorm_mock_server.reading import describe_type
from msgspec.inspect import StructType, Type, UnionType, VarTupleType, type_info

from .parts import table_row

EXAMPLE: Final = Path(__file__).with_name("every_key.toml")
_HEADING: Final = re.compile(r"\[+[\w.]+\]+")
_PAIR: Final = re.compile(r"(\w+) = (.+)")


def key_sections() -> str:
    """Describe all tables in Markdown; those of faults have a page of their own."""
    return "\n".join(section(heading, struct) for heading, struct in tables().items())


def tables() -> dict[str, type[msgspec.Struct]]:
    """Give the tables of a file by their headings in it, the file itself first."""
    return {"": Scenario, **dict(_below("", Scenario))}


def section(heading: str, struct: type[msgspec.Struct]) -> str:
    """Describe one table: a row for each of its keys."""
    title = f"`{heading}`" if heading else "At the top"
    rows = [_row(heading, struct, field) for field in msgspec.structs.fields(struct)]
    head = "| key | takes | default | example | meaning |\n|---|---|---|---|---|\n"
    return f"## {title}\n\n{head}{''.join(rows)}"


def heading_of(path: str, annotation: object) -> tuple[str, type[msgspec.Struct]] | None:
    """Give the heading and the struct of the table that a key takes, None for a value."""
    for info in _kinds(type_info(annotation)):
        if isinstance(info, StructType):
            return f"[{path}]", info.cls
        for item in _kinds(info.item_type) if isinstance(info, VarTupleType) else ():
            if isinstance(item, StructType):
                return f"[[{path}]]", item.cls
    return None


def _kinds(info: Type) -> tuple[Type, ...]:
    """Give the types of which a value may be one."""
    return info.types if isinstance(info, UnionType) else (info,)


def _below(path: str, struct: type[msgspec.Struct]) -> Iterator[tuple[str, type[msgspec.Struct]]]:
    for field in msgspec.structs.fields(struct):
        if table := heading_of(f"{path}{field.name}", field.type):
            yield table
            yield from _below(f"{path}{field.name}.", table[1])


def examples() -> dict[str, dict[str, str]]:
    """Give the example of each key, by the heading of its table."""
    found: dict[str, dict[str, str]] = {}
    for heading, key, value in _pairs():
        found.setdefault(heading, {}).setdefault(key, value)
    return found


def _pairs() -> Iterator[tuple[str, str, str]]:
    heading = ""
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if _HEADING.fullmatch(line):
            heading = line
        elif pair := _PAIR.fullmatch(line):
            yield heading, pair[1], pair[2]


def _row(heading: str, struct: type[msgspec.Struct], field: msgspec.structs.FieldInfo) -> str:
    told = field_docstrings(struct).get(field.name, "")
    return table_row(
        f"`{field.name}`",
        describe_type(field.type),
        _default(field),
        _example(heading, field),
        " ".join(told.split()),
    )


def _example(heading: str, field: msgspec.structs.FieldInfo) -> str:
    """Give the value in the example, or lead to where the keys of the table are."""
    path = f"{heading.strip('[]')}.{field.name}".lstrip(".")
    if table := heading_of(path, field.type):
        # What GitHub makes of a heading.
        return f"[its keys](#{re.sub(r'[^a-z0-9_-]', '', table[0])})"
    if field.name in (shown := examples().get(heading, {})):
        return f"`{shown[field.name]}`"
    return "[its keys](faults.md#keys-of-every-fault)" if field.name == "faults" else ""


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "required"
    if field.default in (None, (), "", msgspec.NODEFAULT) or isinstance(
        field.default, msgspec.Struct
    ):
        return "absent"
    written = list(field.default) if isinstance(field.default, tuple) else field.default
    return f"`{msgspec.json.encode(written).decode()}`"

"""Reading what people write, with errors that say what is wrong, where, and what was expected."""

# Only a mistake needs it. Python 3.15 heeds this: https://peps.python.org/pep-0810/
__lazy_modules__ = ("difflib",)

import datetime
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from itertools import islice
from typing import TypeVar

import msgspec

from .patterns import compile_late

T = TypeVar("T")

# A list longer than this is cut short where there is a near miss.
_LISTED = 15
# A file can make a list as long as it likes; no further names of it are compared.
_COMPARED = 300
_PATH = compile_late(r" - at `(?P<key>key` in `)?\$(?P<path>[^`]*)`\Z")
_STEP = compile_late(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_UNKNOWN_KEY = compile_late(r"Object contains unknown field `(.*)`")
_MISSING_KEY = compile_late(r"Object missing required field `(.*)`")


class InvalidInputError(ValueError):
    """A key has a value that can't be: the key's path, the value, and what was expected."""

    def __init__(self, key: str, value: object, expected: str) -> None:
        super().__init__(f"{key} is {_shown(value)}; expected {expected}")
        self.key = key
        self.value = value
        self.expected = expected

    def within(self, where: str) -> "InvalidInputError":
        """Give the same mistake of data that stands at a place of others."""
        return type(self)(join_path(where, self.key), self.value, self.expected)


class UnknownKeyError(InvalidInputError):
    """There is no such key."""

    def __init__(self, key: str, value: object, expected: str) -> None:
        super().__init__(key, value, expected)
        self.args = (f"unknown key {key}; expected {expected}",)


class MissingKeyError(InvalidInputError):
    """A key must be given."""

    def __init__(self, key: str, expected: str) -> None:
        super().__init__(key, None, expected)
        self.args = (f"{key} is missing; expected {expected}",)

    def within(self, where: str) -> "MissingKeyError":
        """Give the same mistake of data that stands at a place of others."""
        return MissingKeyError(join_path(where, self.key), self.expected)


def read_struct(data: object, struct: type[T], *, where: str = "", strict: bool = True) -> T:
    """Convert plain data to a struct. Raises InvalidInputError for the first thing wrong.

    `where` is the path of the data in its file; without `strict`, numbers may come as text.
    """
    try:
        return msgspec.convert(data, struct, strict=strict)
    except msgspec.ValidationError as error:
        raise _explained(str(error), data, struct, where, strict) from None


def expected_one_of(value: object, allowed: Iterable[str]) -> str:
    """Say what would be allowed, and which is the nearest to the value, in whatever case."""
    names = list(allowed)
    typo = value if isinstance(value, str) and value not in names else ""
    small = {name.lower(): name for name in names}
    compared = islice(small, _COMPARED)
    near = [small[name] for name in get_close_matches(typo.lower(), compared, n=1)]
    if not names:
        return "nothing: there is none"
    if not near and len(names) > 2 * _LISTED:
        return f"one of {len(names)} names, such as {names[0]!r}"
    if not near:
        return f"one of: {', '.join(names)}"
    listed = f": {', '.join(names)}" if len(names) <= _LISTED else f" {len(names)} names"
    return f"one of{listed} (did you mean {near[0]!r}?)"


def describe_type(annotation: object) -> str:
    """Say what a type takes: "an integer", "one of: a, b"."""
    return _described(msgspec.inspect.type_info(annotation))


def _explained(
    message: str, data: object, struct: type, where: str, strict: bool
) -> InvalidInputError:
    found = _PATH.search(message)
    steps = _steps(found["path"]) if found else []
    is_accepted = partial(_is_accepted, steps, data, struct)
    text = message[: found.start()] if found else message
    of_key = found is not None and found["key"] is not None
    path, node = where, msgspec.inspect.type_info(struct)
    for step in steps:
        path, data, node = _down(path, step, data, node)
    if of_key:
        return InvalidInputError(f"a key of {path}", data, _described(_key_type(node)))
    fields = _fields(node, data)
    if unknown := _UNKNOWN_KEY.match(text):
        value = data.get(unknown[1]) if isinstance(data, Mapping) else None
        return UnknownKeyError(
            join_path(path, unknown[1]), value, expected_one_of(unknown[1], fields)
        )
    if missing := _MISSING_KEY.match(text):
        return MissingKeyError(join_path(path, missing[1]), fields.get(missing[1], "a value"))
    hint = _quoting(data, is_accepted) if strict else ""
    return InvalidInputError(path or "the whole", data, _expected(text, node, data) + hint)


def _steps(path: str) -> list[str | int]:
    """Split `.faults[1].times`; msgspec writes `[...]` where it does not name the key."""
    found = (match.groups() for match in _STEP.finditer(path))
    return [name if name is not None else int(i) if i.isdigit() else i for name, i in found]


def _down(
    path: str, step: str | int, data: object, node: msgspec.inspect.Type
) -> tuple[str, object, msgspec.inspect.Type]:
    if isinstance(step, int):
        inner = data[step] if isinstance(data, list | tuple) else None
        return f"{path}[{step}]", inner, _item(node)
    if step == "...":
        return f"a value of {path}", data, _field(node, step)
    inner = data.get(step) if isinstance(data, Mapping) else None
    return join_path(path, step), inner, _field(node, step)


def join_path(path: str, name: str) -> str:
    """Give the path of a key in a table."""
    return name if not path else f"{path}{name}" if path.endswith((" ", ".")) else f"{path}.{name}"


def _key_type(node: msgspec.inspect.Type) -> msgspec.inspect.Type:
    for one in _alternatives(node):
        if isinstance(one, msgspec.inspect.DictType):
            return one.key_type
    return msgspec.inspect.AnyType()


def _item(node: msgspec.inspect.Type) -> msgspec.inspect.Type:
    for one in _alternatives(node):
        if isinstance(one, msgspec.inspect.ListType | msgspec.inspect.VarTupleType):
            return one.item_type
    return msgspec.inspect.AnyType()


def _field(node: msgspec.inspect.Type, name: str) -> msgspec.inspect.Type:
    for one in _alternatives(node):
        if isinstance(one, msgspec.inspect.StructType):
            for field in one.fields:
                if field.encode_name == name:
                    return field.type
        if isinstance(one, msgspec.inspect.DictType):
            return one.value_type
    return msgspec.inspect.AnyType()


def _fields(node: msgspec.inspect.Type, data: object) -> dict[str, str]:
    """Give the keys of a struct, with what each expects."""
    del data
    return {
        field.encode_name: _described(field.type)
        for one in _alternatives(node)
        if isinstance(one, msgspec.inspect.StructType)
        for field in one.fields
    }


def _expected(text: str, node: msgspec.inspect.Type, data: object) -> str:
    words = _literals(node)
    if len(words) == len(_alternatives(node)) or get_close_matches(str(data), words, n=1):
        return expected_one_of(data, words)
    described = _described(node)
    if described in _named_by_us(node):
        return described
    bounds = re.search(r"(?:>|<|of length|matching|multiple).*", text.replace("`", ""))
    if bounds and "got" not in text:
        first, *others = described.split(" or ")
        return " or ".join([f"{first} {bounds[0]}", *others])
    return described


def _quoting(data: object, is_accepted: Callable[[object], bool]) -> str:
    """Say that quotes are missing, or too many, where this is all that is wrong."""
    if isinstance(data, str):
        is_meant = _UNQUOTED.fullmatch(data) and is_accepted(json.loads(data))
        return f"; without quotes: {data}" if is_meant else ""
    text = _as_text(data)
    is_meant = text is not None and is_accepted(text)
    return f'; quote it: "{text}"' if is_meant else ""


def _is_accepted(steps: Sequence[str | int], data: object, struct: type, value: object) -> bool:
    """Whether a value would do at a place of the data, whatever is wrong elsewhere."""
    try:
        msgspec.convert(_put(data, steps, value), struct)
    except msgspec.ValidationError as error:
        found = _PATH.search(str(error))
        return found is not None and _steps(found["path"]) != list(steps)
    return True


def _put(data: object, steps: Sequence[str | int], value: object) -> object:
    if not steps:
        return value
    step, inner = steps[0], steps[1:]
    if isinstance(data, Mapping):
        return {**data, step: _put(data.get(step), inner, value)}
    if isinstance(data, list | tuple):
        return [_put(one, inner, value) if i == step else one for i, one in enumerate(data)]
    return data


def _as_text(data: object) -> str | None:
    """Give what TOML takes for another type as it was written."""
    if isinstance(data, bool):
        return str(data).lower()
    if isinstance(data, datetime.date | datetime.time):
        return data.isoformat()
    return str(data) if isinstance(data, int | float) else None


def _named_by_us(node: msgspec.inspect.Type) -> list[str]:
    """Give the `description` of a `Meta`, where a type has one."""
    if isinstance(node, msgspec.inspect.UnionType):
        return [name for one in node.types for name in _named_by_us(one)]
    if not isinstance(node, msgspec.inspect.Metadata):
        return []
    schema = node.extra_json_schema or {}
    return [schema["description"]] if "description" in schema else _named_by_us(node.type)


def _described(node: msgspec.inspect.Type) -> str:
    parts = [_name(one) for one in _choices(node)]
    named = [part for part in parts if part]
    literals = _literals(node)
    if literals:
        named.append("one of: " + ", ".join(literals))
    return " or ".join(dict.fromkeys(named)) or "a value"


def _choices(node: msgspec.inspect.Type) -> Iterable[msgspec.inspect.Type]:
    return node.types if isinstance(node, msgspec.inspect.UnionType) else [node]


def _name(node: msgspec.inspect.Type) -> str | None:
    """Name a type, by the `description` of its `Meta` where it has one."""
    if isinstance(node, msgspec.inspect.Metadata):
        schema = node.extra_json_schema or {}
        return str(schema["description"]) if "description" in schema else _name(node.type)
    return _NAMES.get(type(node).__name__)


# What is the same value in TOML and JSON, where it has no quotes.
_UNQUOTED = compile_late(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?|true|false")
_NAMES = {
    "IntType": "an integer",
    "FloatType": "a number",
    "StrType": "a text",
    "BoolType": "true or false",
    "ListType": "a list",
    "VarTupleType": "a list",
    "DictType": "a table",
    "StructType": "a table",
}


def _literals(node: msgspec.inspect.Type) -> list[str]:
    return [
        str(value)
        for one in _alternatives(node)
        if isinstance(one, msgspec.inspect.LiteralType)
        for value in one.values
    ]


def _alternatives(node: msgspec.inspect.Type) -> list[msgspec.inspect.Type]:
    while isinstance(node, msgspec.inspect.Metadata):
        node = node.type
    if isinstance(node, msgspec.inspect.UnionType):
        return [alternative for one in node.types for alternative in _alternatives(one)]
    return [node]


def _shown(value: object) -> str:
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    try:
        text = repr(value)
    except RecursionError:
        return "nested too deeply to be shown"
    return text if len(text) <= 120 else text[:117] + "..."

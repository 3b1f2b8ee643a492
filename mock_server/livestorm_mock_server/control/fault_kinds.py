"""The kinds of faults, described so that a form can be made of them."""

import inspect
from collections.abc import Iterator
from functools import cache

import msgspec

from ..arming.kinds import KINDS, phases_of
from ..faults.fault import Fault
from ..field_docstrings import field_docstrings
from ..json_schemas import schema_of
from ..reading import describe_type

_SHARED = tuple(field.name for field in msgspec.structs.fields(Fault))


@cache
def fault_kinds() -> dict[str, object]:
    """Give the keys that all kinds share, and each kind with its own."""
    return {"shared": list(_keys(Fault, _SHARED)), "kinds": [_kind(one) for one in KINDS.values()]}


def _kind(kind: type[Fault]) -> dict[str, object]:
    names = [one.name for one in msgspec.structs.fields(kind) if one.name not in _SHARED]
    told, _, _ = inspect.cleandoc(kind.__doc__ or "").partition("\n\n")
    return {
        "fault": kind.__struct_config__.tag,
        "summary": " ".join(told.split()),
        "places": list(kind.places),
        "phases": list(phases_of(kind)),
        "phase": next(one.default for one in msgspec.structs.fields(kind) if one.name == "phase"),
        "parameters": list(_keys(kind, names)),
    }


def _keys(kind: type[Fault], names: tuple[str, ...] | list[str]) -> Iterator[dict[str, object]]:
    told = field_docstrings(kind)
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    for name in names:
        field = fields[name]
        default = field.default_factory() if callable(field.default_factory) else field.default
        given = {} if default is msgspec.NODEFAULT else {"default": msgspec.to_builtins(default)}
        yield {
            "name": field.encode_name,
            "summary": " ".join(told.get(name, "").split()),
            "takes": describe_type(field.type),
            "schema": schema_of(field.type),
            "required": field.required,
            **given,
        }

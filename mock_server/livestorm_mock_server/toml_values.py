"""Values as TOML writes them (TOML 1.0)."""

import json
from collections.abc import Mapping
from math import isfinite

import msgspec

from .patterns import compile_late

_BARE_KEY = compile_late(r"[A-Za-z0-9_\-]+")


def as_toml(value: object) -> str:
    """Write a value on one line; null, which TOML lacks, is for people only."""
    if isinstance(value, msgspec.Struct):
        value = msgspec.to_builtins(value)
    if isinstance(value, Mapping):
        pairs = (f"{as_key(name)} = {as_toml(one)}" for name, one in value.items())
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(as_toml, value))}]"
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    # Its strings are those of JSON, but for DEL. What steers a terminal is escaped as well.
    written = json.dumps(value, ensure_ascii=False)
    return written if written.isprintable() else "".join(map(_escaped, written))


def _escaped(one: str) -> str:
    """Escape what is not printable, but for half a character, which TOML can't have."""
    if one.isprintable() or "\ud800" <= one <= "\udfff":
        return one
    return f"\\u{ord(one):04x}" if ord(one) <= 0xFFFF else f"\\U{ord(one):08x}"


def as_key(name: str) -> str:
    """Write a key, in quotes where it needs them."""
    return name if _BARE_KEY.fullmatch(name) else as_toml(name)

"""Where parameters can't be read, in words that never quote a value: it may be a secret."""

from ..patterns import compile_late

# As long as the longest names of OAuth and of the API, and shorter than any token.
_PLAIN_NAME = compile_late(r"[A-Za-z_][A-Za-z0-9_.\-\[\]]{0,39}")
_NAME = "the name of a parameter"


def bad_escape(name: str | None, position: int) -> str:
    """Tell of a bad %-escape in a parameter's value, or, where `name` is None, in a name."""
    return f"invalid %-encoding in {place(name)}, at byte {position + 1}"


def no_text(name: str | None, position: int | None = None) -> str:
    """Tell of bytes that are no UTF-8 in a parameter's value, or, without a `name`, in a name."""
    where = "" if position is None else f", at character {position + 1}"
    return f"invalid UTF-8 in {place(name)}{where}"


def place(name: str | None) -> str:
    """Name a parameter, but for one with an odd or long name, which may be a value astray."""
    if name is None:
        return _NAME
    return f"the parameter {name}" if _PLAIN_NAME.fullmatch(name) else "a parameter"

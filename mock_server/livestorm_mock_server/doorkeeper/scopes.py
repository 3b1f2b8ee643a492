"""Scope rules (RFC 6749, section 3.3)."""

from collections.abc import Sequence

from ..patterns import compile_late
from ..rails.text import is_blank, split_words

_REFUSED = compile_late(r"[\n\r\t]")


def split_scope(scope: str) -> tuple[str, ...]:
    """Split a scope parameter: order kept, duplicates dropped."""
    return tuple(dict.fromkeys(split_words(scope)))


def is_valid_scope(scope: str, allowed: Sequence[str]) -> bool:
    """Tell whether a scope parameter asks for allowed scopes only, separated by spaces."""
    return (
        not is_blank(scope)
        and not _REFUSED.search(scope)
        and set(split_scope(scope)) <= set(allowed)
    )


def default_scopes(server: Sequence[str], application: Sequence[str]) -> tuple[str, ...]:
    """Give what is granted when none is asked for: the server's defaults the client may have."""
    return tuple(s for s in server if not application or s in application)

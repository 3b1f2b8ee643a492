"""Regular expressions that are compiled when they are first used: most starts need few of them."""

import re
from typing import Any, AnyStr, cast


class _Late:
    """Stands for a pattern, and has what it has, from the first use on without a detour."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self._given = pattern, flags
        self._compiled: re.Pattern[Any] | None = None

    def __getattr__(self, name: str) -> object:
        if self._compiled is None:
            self._compiled = re.compile(*self._given)
        found: object = getattr(self._compiled, name)
        setattr(self, name, found)
        return found


def compile_late(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Give a pattern whose methods and attributes are those of `re.compile`'s.

    It is none for `re` itself, nor for `isinstance`.
    """
    return cast("re.Pattern[AnyStr]", _Late(pattern, flags))

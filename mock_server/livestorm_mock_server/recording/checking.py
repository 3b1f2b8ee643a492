"""Whether anything of what was replaced stands in the values of a scenario all the same."""

import re
from collections.abc import Iterable, Iterator, Mapping

from ..reading import InvalidInputError
from .replacing import Replacements, encodings_of
from .secret_places import SORTS

_OWN = frozenset(
    {
        *("operations", "methods", "method", "content_type", "compare"),
        *("fault", "retry_after_form"),
    }
)
"""Keys of entries whose values are among a few that a scenario may have."""
_WORD = re.compile(r"[\w\-]+")


def check_values(tables: Iterable[Mapping[str, object]], known: Replacements) -> None:
    """Look for each secret in the values of tables, and in the members' names below their keys.

    The words of the scenario's own are no values. Raises InvalidInputError.
    """
    values = (one for table in tables for key in table.keys() - _OWN for one in _texts(table[key]))
    text = "\n".join(_without_names(value, known) for value in values)
    if any(_stands_in(text, form) for one in known.secrets() for form in encodings_of(one)):
        expected = "one whose values can be told from its words"
        raise InvalidInputError("the recording", "a value that came through", expected)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key in value.keys() - _OWN:
            yield key
            yield from _texts(value[key])
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    else:
        yield str(value)


def _without_names(text: str, known: Replacements) -> str:
    def shown(word: re.Match[str]) -> str:
        is_name = word[0] in known.names or word[0] in SORTS
        return "" if is_name and not known.hides(word[0]) else word[0]

    return "" if known.has_made(text) else _WORD.sub(shown, text)


def _stands_in(text: str, form: str) -> bool:
    """Tell whether a form is in a text; a number or a word only where it is no part of another."""
    if form not in text:
        return False
    if form.isdigit():
        return re.search(rf"(?<!\d){form}(?!\d)", text) is not None
    if form.isalpha():
        return re.search(rf"(?<![^\W\d_]){form}(?![^\W\d_])", text) is not None
    return True

"""Whether anything of what was replaced stands in the values of a scenario all the same."""

import re
from collections.abc import Iterable, Iterator, Mapping, Set

from ..reading import InvalidInputError
from .replacing import Replacements, encodings_of
from .secret_places import SORTS

_OWN = frozenset({"operations", "methods", "when", "content_type", "fault", "retry_after_form"})
"""Keys of entries whose values are among a few that a scenario may have."""
_OF_FILTERS = frozenset({"compare"})
_WORD = re.compile(r"[\w\-]+")
_NUMBERS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")


def check_values(tables: Iterable[Mapping[str, object]], known: Replacements) -> None:
    """Look for each secret in the values of tables, and in the members' names below their keys.

    A number or a word is found only where it is no part of another one, and the words of the
    scenario's own are no values. Raises InvalidInputError.
    """
    values = (one for table in tables for one in _values(table) if not known.has_made(one))
    text = "\n".join(values)
    parts = {*_NUMBERS.findall(text), *_LETTERS.findall(_without_names(text, known))}
    forms = {form for one in known.secrets() for form in encodings_of(one)}
    words = {form for form in forms if form.isdecimal() or form.isalpha()}
    if words & parts or _has_any(text, forms - words):
        expected = "one whose values can be told from its words"
        raise InvalidInputError("the recording", "a value that came through", expected)


def _has_any(text: str, forms: Set[str]) -> bool:
    """Look for all forms in one pass, as there may be as many as lines."""
    shortest = min(map(len, forms), default=0)
    lengths: dict[str, set[int]] = {}
    for one in forms:
        lengths.setdefault(one[:shortest], set()).add(len(one))
    return any(
        text[at : at + length] in forms
        for at in range(len(text) if forms else 0)
        for length in lengths.get(text[at : at + shortest], ())
    )


def _values(table: Mapping[str, object]) -> Iterator[str]:
    for key in table.keys() - _OWN:
        yield from _texts(table[key], _OF_FILTERS if key == "filters" else frozenset())


def _texts(value: object, own: frozenset[str]) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key in value.keys() - own:
            yield key
            yield from _texts(value[key], own)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, own)
    else:
        yield str(value)


def _without_names(text: str, known: Replacements) -> str:
    def shown(word: re.Match[str]) -> str:
        is_name = word[0] in known.names or word[0] in SORTS
        return "" if is_name and not known.hides(word[0]) else word[0]

    return _WORD.sub(shown, text)

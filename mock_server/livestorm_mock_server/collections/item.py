"""One item of a collection, a resource object of JSON:API."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import msgspec

Linkage = str | None | tuple[str, ...]
"""The id of a related item, None for none, or the ids of several."""


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A resource object; a change makes another one."""

    id: str
    attributes: Mapping[str, object] = msgspec.field(default_factory=dict)
    relationships: Mapping[str, Linkage] = msgspec.field(default_factory=dict)

    def ids(self, name: str) -> list[str]:
        """Give the ids to which a relationship leads, none where it leads to nothing."""
        return [as_text(one) for one in _each(self._linkage(name)) if one]

    def value(self, name: str) -> object:
        """Give what a condition of this name is about: a relationship, or an attribute."""
        return self.attributes[name] if self._is_attribute(name) else self._linkage(name)

    def keys(self, names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """Give the texts of these values; more than once where one of them is several ids."""
        return product(*(self.texts(name) for name in names))

    def texts(self, name: str) -> list[str]:
        """Give the text of this value; each where it is several ids."""
        value = self.value(name)
        return [as_text(one) for one in ([value] if self._is_attribute(name) else _each(value))]

    def _linkage(self, name: str) -> object:
        """Give what a relationship leads to: its own value, else the attribute `<name>_id`."""
        if name in self.relationships:
            return self.relationships[name]
        return self.attributes.get(f"{name}_id")

    def _is_attribute(self, name: str) -> bool:
        return name in self.attributes and name not in self.relationships


def _each(linkage: object) -> Sequence[object]:
    return linkage if isinstance(linkage, list | tuple) else [linkage]


def is_id(text: str) -> bool:
    """Tell whether an item can be called so: a text without slashes and dots, which paths part."""
    return bool(text) and not any(one in "/." or "\ud800" <= one <= "\udfff" for one in text)


def as_text(value: object) -> str:
    """Give a value as a query has it: `true`, `0`, nothing for null."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)

"""What relationships bring along, and which of them lead nowhere."""

from collections.abc import Iterator, Mapping

from .declared import ORGANIZATIONS, Kind, Relationship
from .item import Item, Linkage
from .table import Table

Kinds = Mapping[str, Kind]
Tables = Mapping[str, Table]
Relationships = Mapping[str, Relationship]
"""Those of a type, by name."""


def find_dangling(tables: Tables, kind: Kind, item: Item) -> Iterator[tuple[str, str]]:
    """Give the relationships of an item that lead to none: name, and what is wrong with it."""
    for name, one in kind.relationships.items():
        if one.inverse is not None or (one.type == ORGANIZATIONS and one.type not in tables):
            continue
        for item_id in item.ids(name):
            if tables[one.type].get(item_id) is None:
                shown = name if name in item.relationships else f"{name}_id"
                yield shown, f"leads to no item of the type {one.type}"


def inherited(
    kinds: Kinds, tables: Tables, kind: Kind, linked: Mapping[str, Linkage]
) -> dict[str, Linkage]:
    """Give what the items that are led to are related to, under names that both have."""
    found: dict[str, Linkage] = {}
    for name, item_id in linked.items():
        one = kind.relationships[name]
        if one.type in kinds and _is_kept(one) and isinstance(item_id, str):
            related = tables[one.type].get(item_id)
            theirs = kinds[one.type].relationships
            found |= shared(kind.relationships, theirs, related) if related else {}
    return found


def shared(own: Relationships, others: Relationships, related: Item) -> dict[str, Linkage]:
    """Give what a related item leads to by relationships that both have, to the same type."""
    found: dict[str, Linkage] = {}
    for name, one in own.items():
        theirs, ids = others.get(name), related.ids(name)
        is_alike = theirs is not None and theirs.type == one.type and _is_kept(theirs)
        if is_alike and _is_kept(one) and len(ids) == 1:
            (found[name],) = ids
    return found


def _is_kept(one: Relationship) -> bool:
    """Tell whether an item itself has what it leads to, and that is one."""
    return one.inverse is None and not one.many

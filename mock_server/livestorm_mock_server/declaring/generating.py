"""Items that are made by the hundred, the same ones each time."""

import random
from collections.abc import Iterator, Mapping, Sequence

from ..collections.item import Item, Linkage, as_text
from ..collections.relating import Relationships, shared
from ..randomness import Randomness
from .entries import GenerateEntry

Known = dict[str, tuple[Relationships, dict[str, Item]]]
"""By relationship, those of the type that it leads to, and its items by their ids."""


def generate_items(
    entry: GenerateEntry,
    type_name: str,
    relationships: Relationships,
    others: Mapping[str, tuple[Relationships, Sequence[Item]]],
) -> Iterator[Item]:
    """Give the items; `others` are the types that there are, with their items."""
    seed = f"{entry.seed}, {type_name}"
    ids, source = Randomness(seed), random.Random(seed)  # noqa: S311
    known: Known = {}
    for name, one in relationships.items():
        theirs, items = others.get(one.type, ({}, ()))
        known[name] = theirs, {item.id: item for item in items}
    for number in range(1, entry.count + 1):
        values = {name: _value(of, number, source) for name, of in entry.attributes.items()}
        linked: dict[str, Linkage] = {
            name: as_text(values.pop(name)) for name in relationships if name in values
        }
        for name in entry.relationships:
            linked[name] = source.choice(others[relationships[name].type][1]).id
        inherited = _inherited(linked, relationships, known)
        yield Item(id=ids.uuid(), attributes=values, relationships={**inherited, **linked})


def _inherited(
    linked: Mapping[str, object], relationships: Relationships, known: Known
) -> dict[str, Linkage]:
    """Give what related items are themselves related to."""
    found: dict[str, Linkage] = {}
    for name, item_id in linked.items():
        theirs, items = known[name]
        related = items.get(str(item_id))
        found |= shared(relationships, theirs, related) if related else {}
    return found


def _value(template: object, number: int, source: random.Random) -> object:
    if isinstance(template, list | tuple):
        return source.choice(template)
    return template.replace("{n}", str(number)) if isinstance(template, str) else template

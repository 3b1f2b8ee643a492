"""Items that are made by the hundred, the same ones each time."""

import random
from collections.abc import Iterator, Mapping, Sequence

from ..collections.declared import Relationship
from ..collections.item import Item, Linkage, as_text
from ..randomness import Randomness
from .entries import GenerateEntry


def generate_items(
    entry: GenerateEntry,
    type_name: str,
    relationships: Mapping[str, Relationship],
    others: Mapping[str, Sequence[Item]],
) -> Iterator[Item]:
    """Give the items; `others` are those of the types that they are related to."""
    seed = f"{entry.seed}, {type_name}"
    ids, source = Randomness(seed), random.Random(seed)  # noqa: S311
    known = {
        name: {item.id: item for item in others.get(one.type, ())}
        for name, one in relationships.items()
    }
    for number in range(1, entry.count + 1):
        values = {name: _value(of, number, source) for name, of in entry.attributes.items()}
        linked: dict[str, Linkage] = {
            name: as_text(values.pop(name)) for name in relationships if name in values
        }
        for name in entry.relationships:
            linked[name] = source.choice(others[relationships[name].type]).id
        shared = _shared(linked, known)
        yield Item(id=ids.uuid(), attributes=values, relationships={**shared, **linked})


def _shared(
    linked: Mapping[str, object], known: Mapping[str, Mapping[str, Item]]
) -> Mapping[str, Linkage]:
    """Give what related items are themselves related to, under names that both have."""
    found: dict[str, Linkage] = {}
    for name, item_id in linked.items():
        related = known[name].get(str(item_id))
        of_other = related.relationships if related else {}
        found |= {one: value for one, value in of_other.items() if one in known}
    return found


def _value(template: object, number: int, source: random.Random) -> object:
    if isinstance(template, list | tuple):
        return source.choice(template)
    return template.replace("{n}", str(number)) if isinstance(template, str) else template

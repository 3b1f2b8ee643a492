"""Items that are made by the hundred, the same ones each time."""

import random
from collections.abc import Iterator, Mapping, Sequence

from ..collections.declared import Relationship
from ..collections.item import Item, Linkage
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
    for number in range(1, entry.count + 1):
        linked: dict[str, Linkage] = {}
        for name in entry.relationships:
            related = source.choice(others[relationships[name].type])
            linked |= {
                one: value for one, value in related.relationships.items() if one in relationships
            }
            linked[name] = related.id
        attributes = {
            name: _value(template, number, source) for name, template in entry.attributes.items()
        }
        yield Item(id=ids.uuid(), attributes=attributes, relationships=linked)


def _value(template: object, number: int, source: random.Random) -> object:
    if isinstance(template, list | tuple):
        return source.choice(template)
    return template.replace("{n}", str(number)) if isinstance(template, str) else template

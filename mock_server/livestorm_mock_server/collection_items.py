"""What a program does with the items of a sandbox's collections, beside the API."""

from collections.abc import Mapping, Sequence

import msgspec

from .collections.content import Collections
from .collections.item import Item, Linkage, is_id
from .collections.json_values import copy_of, read_linkage
from .reading import InvalidInputError, expected_one_of
from .sandbox import Sandbox

Related = Mapping[str, str | Sequence[str] | None]


def describe(sandbox: Sandbox) -> list[dict[str, object]]:
    """Give each type with the paths at which it is served, and the number of its items."""
    collections, content = sandbox.scenario.collections, sandbox.collections
    return [
        {
            "type": name,
            "paths": [one.path for one in collections if one.type == name],
            "count": len(content.table(name)),
        }
        for name in content.types
    ]


async def list_items(sandbox: Sandbox, type_name: str) -> list[dict[str, object]]:
    """Give the items of a type, in order. Raises InvalidInputError."""
    return [_plain(one) for one in sandbox.collections.all(type_name)]


async def add_item(
    sandbox: Sandbox,
    type_name: str,
    attributes: Mapping[str, object],
    relationships: Related | None = None,
    *,
    item_id: str | None = None,
) -> dict[str, object]:
    """Add an item, whatever the API would say to it; give it.

    It has what the items that it leads to are related to, under names that both have. Raises
    InvalidInputError.
    """
    content = sandbox.collections
    linked = _linked(content, type_name, relationships)
    linked = {**content.inherited(type_name, linked), **linked}
    if item_id is not None and not is_id(item_id):
        raise InvalidInputError("id", item_id, "a text without slashes and dots")
    given = _attributes(content, type_name, attributes)
    return _plain(content.create(type_name, given, linked, item_id=item_id))


async def change_item(
    sandbox: Sandbox,
    type_name: str,
    item_id: str,
    attributes: Mapping[str, object],
    relationships: Related | None = None,
) -> dict[str, object]:
    """Change what is given of an item. Raises InvalidInputError."""
    content = sandbox.collections
    linked = _linked(content, type_name, relationships)
    given = _attributes(content, type_name, attributes)
    return _plain(content.change(type_name, item_id, given, linked))


async def delete_item(sandbox: Sandbox, type_name: str, item_id: str) -> None:
    """Remove an item. Raises InvalidInputError."""
    sandbox.collections.delete(type_name, item_id)


def _plain(item: Item) -> dict[str, object]:
    plain: dict[str, object] = msgspec.to_builtins(item)
    return plain


def _linked(content: Collections, type_name: str, given: Related | None) -> dict[str, Linkage]:
    """Read relationships. Raises InvalidInputError for one that the type does not have."""
    known = content.kind(type_name).relationships
    linked = copy_of("relationships", given or {})
    for name, value in linked.items():
        if name not in known:
            raise InvalidInputError(f"relationships.{name}", value, expected_one_of(name, known))
    return {name: read_linkage(f"relationships.{name}", value) for name, value in linked.items()}


def _attributes(
    content: Collections, type_name: str, given: Mapping[str, object]
) -> Mapping[str, object]:
    """Read attributes. Raises InvalidInputError for what is none."""
    attributes = copy_of("attributes", given)
    for name in attributes:
        if name in content.kind(type_name).relationships:
            expected = "no attribute of this name, which a relationship has"
            raise InvalidInputError(f"attributes.{name}", attributes[name], expected)
    return attributes

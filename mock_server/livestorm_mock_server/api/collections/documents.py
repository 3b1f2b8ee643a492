"""Items as they are shown: resource objects with linkage, and what is included."""

from collections.abc import Iterable, Iterator, Sequence

from ...collections.content import Collections
from ...collections.declared import ORGANIZATIONS, Kind, Relationship
from ...collections.item import Item
from ...store.records import Organization
from ..organizations import organization_object

Identifier = tuple[str, str]
"""A type and an id."""


class Shown:
    """What a caller of a workspace is shown."""

    def __init__(self, content: Collections, organization: Organization) -> None:
        self._content, self._organization = content, organization

    def document(
        self, kind: Kind, items: Item | Sequence[Item], include: Iterable[str]
    ) -> dict[str, object]:
        """Give the document of an item or of several, with `included` where that is asked for."""
        include, shown = list(include), [items] if isinstance(items, Item) else items
        data = [self._object(kind, one, include) for one in shown]
        document: dict[str, object] = {"data": data[0] if isinstance(items, Item) else data}
        if include:
            document["included"] = list(self._included(kind, shown, include))
        return document

    def _included(
        self, kind: Kind, items: Iterable[Item], include: Iterable[str]
    ) -> Iterator[dict[str, object]]:
        """Give each related item once, in the order in which they are met."""
        found = dict.fromkeys(
            one
            for item in items
            for name in include
            for one in self._related(item, kind.relationships[name], name)
        )
        for type_name, item_id in found:
            if type_name == ORGANIZATIONS and type_name not in self._content.types:
                yield organization_object(self._organization)
            elif item_id in self._content.strangers(type_name, self._organization.id):
                continue
            elif (item := self._content.find(type_name, item_id)) is not None:
                yield self._object(self._content.kind(type_name), item, ())

    def _object(self, kind: Kind, item: Item, include: Iterable[str]) -> dict[str, object]:
        """Give the resource object; what only the other side keeps is told where it is included."""
        shown: dict[str, object] = {
            "id": item.id,
            "type": kind.type,
            "attributes": dict(item.attributes),
        }
        linked = {
            name: {"data": self._linkage(item, one, name)}
            for name, one in kind.relationships.items()
            if one.inverse is None or name in include
        }
        return shown | {"relationships": linked} if linked else shown

    def _linkage(self, item: Item, relationship: Relationship, name: str) -> object:
        found = [{"type": one, "id": of} for one, of in self._related(item, relationship, name)]
        if relationship.many or relationship.inverse is not None:
            return found
        return found[0] if found else None

    def _related(self, item: Item, relationship: Relationship, name: str) -> Iterator[Identifier]:
        related = relationship.type
        if related == ORGANIZATIONS and related not in self._content.types:
            yield (related, self._organization.id)
        elif relationship.inverse is not None:
            table = self._content.table(related)
            back = table.matching({relationship.inverse: item.id})
            yield from ((related, one.id) for one in table.at(back))
        else:
            yield from ((related, one) for one in item.ids(name))

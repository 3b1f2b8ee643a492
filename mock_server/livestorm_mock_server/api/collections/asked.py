"""A request at a collection, and what its path held."""

from collections.abc import Mapping, Sequence

import msgspec

from ...collections.content import Collections
from ...collections.declared import Collection
from ...collections.item import Item, Linkage, as_text
from ...exchange import Exchange
from ...rails.response import Response
from ..credentials import Caller
from ..errors import render_document
from .documents import Shown
from .query import read_include
from .refusals import conflicting, unknown


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request at a collection: who asks, and what the path held."""

    exchange: Exchange
    caller: Caller
    collection: Collection
    parent: Item | None
    item_id: str | None
    include: list[str]
    """The relationships that are asked for, too."""

    @property
    def content(self) -> Collections:
        """What the sandbox's collections hold."""
        return self.exchange.provider.collections

    @property
    def scope(self) -> dict[str, str]:
        """The condition that the items below a parent meet."""
        name = self.collection.parent
        return {} if name is None or self.parent is None else {name: self.parent.id}

    def item(self) -> Item:
        """Give the item that the path names. Raises Refused."""
        kind, item_id = self.collection.kind, self.item_id or ""
        found = find_shown(self.content, self.caller, kind.type, item_id)
        if found is None or any(one not in found.ids(name) for name, one in self.scope.items()):
            raise unknown(kind.type, item_id)
        return found

    def check_parent(self, linked: Mapping[str, Linkage]) -> None:
        """Check that a document names no other parent than the path. Raises Refused."""
        for name, item_id in self.scope.items():
            told = linked.get(name, item_id)
            ids = told if isinstance(told, tuple) else (told,)
            if item_id not in ids:
                others = ", ".join(map(as_text, ids)) or "nothing"
                raise conflicting(f"{name} leads to {others}, and to {item_id} in the path")

    def inherited(self) -> dict[str, Linkage]:
        """Give a new item its parent, and what both are related to."""
        return {**self.content.inherited(self.collection.kind.type, self.scope), **self.scope}

    def render(
        self, items: Item | Sequence[Item], *, status: int = 200, **more: object
    ) -> Response:
        """Answer with a document; `more` are further members of it."""
        shown = Shown(self.content, self.caller.organization)
        document = shown.document(self.collection.kind, items, self.include) | more
        return render_document(self.exchange, document, status=status)


def read_path(
    collection: Collection, exchange: Exchange, caller: Caller, captured: Sequence[str]
) -> Asked:
    """Read what the path held, a parent, an id, or both, and what is included. Raises Refused."""
    parent, ids = None, list(captured)
    if collection.parent_type is not None:
        parent_id = ids.pop(0)
        content = exchange.provider.collections
        parent = find_shown(content, caller, collection.parent_type, parent_id)
        if parent is None:
            raise unknown(collection.parent_type, parent_id)
    return Asked(
        exchange=exchange,
        caller=caller,
        collection=collection,
        parent=parent,
        item_id=ids[0] if ids else None,
        include=read_include(exchange, collection.kind),
    )


def find_shown(content: Collections, caller: Caller, type_name: str, item_id: str) -> Item | None:
    """Give an item, unless it is a team member of a workspace that is not the caller's."""
    is_strange = item_id in content.strangers(type_name, caller.organization.id)
    return None if is_strange else content.find(type_name, item_id)

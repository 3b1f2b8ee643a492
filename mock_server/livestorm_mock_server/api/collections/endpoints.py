"""The operations of a collection, and their routes."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Concatenate

import msgspec

from ...collections.content import Collections
from ...collections.declared import Collection, Filter, Operation
from ...collections.item import Item, Linkage
from ...exchange import Exchange
from ...rails.response import Response, head
from ...routing import Route
from ..credentials import Caller
from ..errors import render_document
from ..protection import Show, protect
from .body import read_sent
from .documents import Shown
from .filtering import find_matching
from .query import read_filters, read_include, read_page
from .refusals import Refused, conflicting, malformed, render_refusal, unknown
from .rules import check_allowance, check_item


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request at a collection: who asks, and what the path held."""

    exchange: Exchange
    caller: Caller
    collection: Collection
    parent: Item | None
    item_id: str | None

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
        found = self.content.find(kind.type, item_id)
        if found is None or any(one not in _ids(found, name) for name, one in self.scope.items()):
            raise unknown(kind.type, item_id)
        return found

    def render(
        self, items: Item | Sequence[Item], *, status: int = 200, **more: object
    ) -> Response:
        """Answer with a document."""
        kind = self.collection.kind
        include = read_include(self.exchange, kind)
        shown = Shown(self.content, self.caller.organization)
        document = shown.document(kind, items, include) | more
        return render_document(self.exchange, document, status=status)


Operate = Callable[[Asked], Awaitable[Response]]


async def list_items(asked: Asked) -> Response:
    """Answer with a page."""
    exchange, kind = asked.exchange, asked.collection.kind
    page = read_page(exchange)
    matching = _matching(asked, read_filters(exchange, kind))
    items = asked.content.table(kind.type).at(matching[page.span])
    return asked.render(items, meta=page.meta(len(matching)))


async def show_item(asked: Asked) -> Response:
    """Answer with one item."""
    return asked.render(asked.item())


async def create_item(asked: Asked) -> Response:
    """Add an item, with the parent that the path names."""
    exchange, kind = asked.exchange, asked.collection.kind
    sent = read_sent(exchange, kind)
    if sent.id is not None and asked.content.find(kind.type, sent.id) is not None:
        raise conflicting(f"There is an item with the id {sent.id} already")
    linked = {**inherited(asked), **sent.relationships}
    draft = asked.content.new_item(kind.type, sent.attributes, linked, item_id=sent.id)
    check_item(exchange, kind, draft)
    check_allowance(exchange, kind)
    asked.content.add(kind.type, draft)
    return asked.render(draft, status=201)


async def update_item(asked: Asked) -> Response:
    """Change what the document says of an item, and leave the rest."""
    exchange, kind, item = asked.exchange, asked.collection.kind, asked.item()
    sent = read_sent(exchange, kind)
    if sent.id != item.id:
        raise conflicting(f"data.id is {sent.id!r}, and {item.id!r} in the path")
    draft = msgspec.structs.replace(
        item,
        attributes={**item.attributes, **sent.attributes},
        relationships={**item.relationships, **sent.relationships},
    )
    check_item(exchange, kind, draft)
    changed = asked.content.change(kind.type, item.id, sent.attributes, sent.relationships)
    return asked.render(changed)


async def delete_item(asked: Asked) -> Response:
    """Remove an item."""
    asked.content.delete(asked.collection.kind.type, asked.item().id)
    return head(204)


async def delete_matching(asked: Asked) -> Response:
    """Remove what a filter finds."""
    kind = asked.collection.kind
    filters = read_filters(asked.exchange, kind)
    if not filters:
        raise malformed("A filter has to say what is to be deleted")
    found = asked.content.table(kind.type).at(_matching(asked, filters))
    if not found and asked.exchange.options.delete_without_match == 404:
        raise unknown(kind.type, f"that filter[{filters[0][0].name}] is to find")
    for item in found:
        asked.content.delete(kind.type, item.id)
    return head(204)


def inherited(asked: Asked) -> dict[str, Linkage]:
    """Give a new item its parent, and what both are related to."""
    parent, name = asked.parent, asked.collection.parent
    if parent is None or name is None:
        return {}
    shared = asked.collection.kind.relationships.keys() & parent.relationships.keys()
    return {name: parent.id} | {one: parent.relationships[one] for one in sorted(shared)}


_OPERATIONS: Mapping[Operation, tuple[str, bool, Operate]] = {
    "list": ("GET", False, list_items),
    "create": ("POST", False, create_item),
    "delete_matching": ("DELETE", False, delete_matching),
    "show": ("GET", True, show_item),
    "update": ("PATCH", True, update_item),
    "delete": ("DELETE", True, delete_item),
}
"""Each with its verb, whether it is about one item, and what it does."""


def collection_routes(collections: Iterable[Collection]) -> Iterator[Route]:
    """Give the routes of collections."""
    for one in collections:
        for path, label, is_one in (
            (one.path, one.label, False),
            (f"{one.path}/{{id}}", f"{one.label}.{{id}}", True),
        ):
            actions = {
                verb: _protected(one, operate, verb)
                for name, (verb, about_one, operate) in _OPERATIONS.items()
                if about_one == is_one and name in one.operations
            }
            if actions:
                yield Route(path=path, label=label, actions=actions)


def _protected(
    collection: Collection, operate: Operate, verb: str
) -> Callable[Concatenate[Exchange, ...], Awaitable[Response]]:
    show: Show = partial(_operate, collection, operate)
    return protect(show, collection.read if verb == "GET" else collection.write)


async def _operate(
    collection: Collection, operate: Operate, exchange: Exchange, caller: Caller, *captured: str
) -> Response:
    try:
        return await operate(_read_path(collection, exchange, caller, captured))
    except Refused as refused:
        return render_refusal(exchange, refused)


def _read_path(
    collection: Collection, exchange: Exchange, caller: Caller, captured: Sequence[str]
) -> Asked:
    parent, ids = None, list(captured)
    if collection.parent_type is not None:
        parent_id = ids.pop(0)
        parent = exchange.provider.collections.find(collection.parent_type, parent_id)
        if parent is None:
            raise unknown(collection.parent_type, parent_id)
    return Asked(
        exchange=exchange,
        caller=caller,
        collection=collection,
        parent=parent,
        item_id=ids[0] if ids else None,
    )


def _matching(asked: Asked, filters: Sequence[tuple[Filter, str]]) -> Sequence[int]:
    return find_matching(asked.exchange, asked.collection.kind, asked.scope, filters)


def _ids(item: Item, name: str) -> list[object]:
    linkage = item.value(name)
    return list(linkage) if isinstance(linkage, list | tuple) else [linkage]

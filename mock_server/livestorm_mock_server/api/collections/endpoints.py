"""The operations of a collection, and their routes."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

import msgspec

from ... import grounds
from ...collections.declared import Collection, Filter
from ...collections.operations import PLACES, Operation
from ...exchange import Exchange
from ...rails.response import Response, head, static_page
from ...rails.text import is_blank
from ...routing import Action, Route
from ..credentials import Caller
from ..protection import Show, protect
from .asked import Asked, read_path
from .body import read_sent
from .bulk import create_in_bulk
from .filtering import find_matching
from .query import Page, has_paging, read_filters, read_page
from .refusals import Refused, conflicting, malformed, render_refusal
from .registration import read_attributes
from .rules import check_allowance, check_item

Operate = Callable[[Asked], Awaitable[Response]]


async def list_items(asked: Asked) -> Response:
    """Answer with a page."""
    exchange, kind = asked.exchange, asked.collection.kind
    if not asked.collection.has_pages:
        return await _list_whole(asked)
    page = read_page(exchange)
    matching = _matching(asked, read_filters(exchange, kind))
    items = asked.content.table(kind.type).at(matching[page.span])
    return asked.render(items, meta=page.meta(len(matching)))


async def _list_whole(asked: Asked) -> Response:
    """Answer with all of a list that fails on paging parameters."""
    exchange, kind = asked.exchange, asked.collection.kind
    if has_paging(exchange):
        exchange.note_refusal(grounds.ENGINE_FAILS, "this list fails on any paging parameter")
        return static_page(500)
    matching = _matching(asked, read_filters(exchange, kind))
    meta = Page(number=0, size=max(1, len(matching))).meta(len(matching))
    return asked.render(asked.content.table(kind.type).at(matching), meta=meta)


async def show_item(asked: Asked) -> Response:
    """Answer with one item."""
    return asked.render(asked.item())


async def create_item(asked: Asked) -> Response:
    """Add an item, with the parent that the path names."""
    exchange, kind = asked.exchange, asked.collection.kind
    sent = read_sent(exchange, kind)
    if sent.id is not None and asked.content.find(kind.type, sent.id) is not None:
        raise conflicting(f"There is an item with the id {sent.id} already")
    attributes = read_attributes(kind, sent.attributes)
    asked.check_parent(sent.relationships)
    linked = {**asked.inherited(), **sent.relationships}
    draft = asked.content.new_item(kind.type, attributes, linked, item_id=sent.id)
    check_item(exchange, kind, draft)
    check_allowance(exchange, kind)
    asked.content.add(kind.type, draft)
    return asked.render(draft, status=201)


async def update_item(asked: Asked) -> Response:
    """Change what the document says of an item, and leave the rest."""
    exchange, kind, item = asked.exchange, asked.collection.kind, asked.item()
    sent = read_sent(exchange, kind)
    attributes = read_attributes(kind, sent.attributes)
    if sent.id is None:
        raise malformed("data.id is missing")
    if sent.id != item.id:
        raise conflicting(f"data.id is {sent.id}, and {item.id} in the path")
    draft = msgspec.structs.replace(
        item,
        attributes={**item.attributes, **attributes},
        relationships={**item.relationships, **sent.relationships},
    )
    check_item(exchange, kind, draft)
    changed = asked.content.change(kind.type, item.id, attributes, sent.relationships)
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
    for one, value in filters:
        if is_blank(value):
            raise malformed(f"filter[{one.name}] is blank, and has to say what is to be deleted")
    found = asked.content.table(kind.type).at(_matching(asked, filters))
    if not found and asked.exchange.options.delete_without_match == 404:
        detail = f"filter[{filters[0][0].name}] finds no item of the type {kind.type}"
        raise Refused(404, grounds.ITEM_UNKNOWN, detail)
    for item in found:
        asked.content.delete(kind.type, item.id)
    return head(204)


_OPERATIONS: Mapping[Operation, Operate] = {
    "list": list_items,
    "show": show_item,
    "create": create_item,
    "update": update_item,
    "delete": delete_item,
    "delete_matching": delete_matching,
    "bulk": create_in_bulk,
}


def collection_routes(collections: Iterable[Collection]) -> Iterator[Route]:
    """Give the routes of collections."""
    for one in collections:
        there: defaultdict[tuple[str, str], dict[str, Action]] = defaultdict(dict)
        for name, place in PLACES.items():
            if name in one.operations:
                show: Show = partial(_operate, one, _OPERATIONS[name])
                actions = there[one.path_of(name), one.label_of(name)]
                actions[place.verb] = protect(show, one.scopes_of(name))
        for (path, label), actions in there.items():
            yield Route(path=path, label=label, actions=actions)


async def _operate(
    collection: Collection, operate: Operate, exchange: Exchange, caller: Caller, *captured: str
) -> Response:
    try:
        return await operate(read_path(collection, exchange, caller, captured))
    except Refused as refused:
        return render_refusal(exchange, refused)


def _matching(asked: Asked, filters: Sequence[tuple[Filter, str]]) -> Sequence[int]:
    kind, workspace = asked.collection.kind, asked.caller.organization.id
    strangers = asked.content.strangers(kind.type, workspace)
    return find_matching(asked.exchange, kind, asked.scope, filters, hidden=strangers)

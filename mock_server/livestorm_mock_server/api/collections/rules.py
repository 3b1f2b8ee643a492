"""What an item has to be before a collection takes it."""

from ... import grounds
from ...collections.content import TAKEN, Collections
from ...collections.declared import ORGANIZATIONS, Kind
from ...collections.item import Item, as_text
from ...exchange import Exchange
from ...rails.text import is_blank
from .refusals import Refused, conflicting, invalid


def check_item(exchange: Exchange, kind: Kind, item: Item) -> None:
    """Check what is asked of an item, new or changed. Raises Refused."""
    content = exchange.provider.collections
    for name in kind.required:
        if is_blank(item.value(name)):
            raise invalid(name, "can't be blank")
    for name, choices in kind.choices.items():
        if item.value(name) is not None and item.value(name) not in choices:
            raise invalid(name, "is not included in the list")
    _check_relationships(content, kind, item)
    _check_unique(exchange, kind, item)


def check_allowance(exchange: Exchange, kind: Kind, number: int = 1) -> None:
    """Check that the plan has room for so many more contacts. Raises Refused."""
    allowed = exchange.options.active_contacts
    if not kind.are_contacts or allowed == "unlimited":
        return
    if exchange.provider.collections.count_contacts(kind.type) + number > allowed:
        detail = f"The allowance of {allowed} active contacts is used up"
        raise Refused(402, grounds.CONTACTS_USED_UP, detail)


def _check_relationships(content: Collections, kind: Kind, item: Item) -> None:
    """Check that what an item is related to exists."""
    for name, one in kind.relationships.items():
        if one.inverse is not None or (one.type == ORGANIZATIONS and one.type not in content.types):
            continue
        linkage = item.linkage(name)
        shown = name if name in item.relationships else f"{name}_id"
        for item_id in linkage if isinstance(linkage, list | tuple) else [linkage]:
            if item_id and content.find(one.type, as_text(item_id)) is None:
                raise invalid(shown, f"leads to no item of the type {one.type}")


def _check_unique(exchange: Exchange, kind: Kind, item: Item) -> None:
    """Check that no other item has the same in all that must differ."""
    if not exchange.provider.collections.has_another(kind.type, item):
        return
    name = kind.unique[-1]
    if exchange.options.duplicate_status == 422:
        raise invalid(name, TAKEN)
    raise conflicting(f"{name} {TAKEN}")

"""What an item has to be before a collection takes it."""

from ... import grounds
from ...collections.content import TAKEN
from ...collections.declared import Kind
from ...collections.item import Item
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
    for name, told in content.find_dangling(kind.type, item):
        raise invalid(name, told)
    _check_unique(exchange, kind, item)


def check_allowance(exchange: Exchange, kind: Kind, number: int = 1) -> None:
    """Check that the plan has room for so many more contacts. Raises Refused."""
    allowed = exchange.options.active_contacts
    if not kind.are_contacts or allowed == "unlimited":
        return
    if exchange.provider.collections.count_contacts(kind.type) + number > allowed:
        detail = f"The allowance of {allowed} active contacts is used up"
        raise Refused(402, grounds.CONTACTS_USED_UP, detail)


def _check_unique(exchange: Exchange, kind: Kind, item: Item) -> None:
    """Check that no other item has the same in all that must differ."""
    if not exchange.provider.collections.has_another(kind.type, item):
        return
    name = kind.unique[-1]
    if exchange.options.duplicate_status == 422:
        raise invalid(name, TAKEN)
    raise conflicting(f"{name} {TAKEN}")

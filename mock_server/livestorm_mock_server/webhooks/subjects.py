"""What an event is about, as a resource object."""

from collections.abc import Mapping

from ..api.collections.documents import Shown
from ..collections.item import Item
from ..randomness import Randomness
from ..reading import InvalidInputError
from .events import Event, type_of
from .items import items_of
from .ledger import Ledger

Subject = Mapping[str, object]


def shown(ledger: Ledger, type_name: str, item: Item) -> Subject:
    """Show an item as the API does."""
    collections = ledger.collections
    document = Shown(collections, ledger.organizations[0]).document(
        collections.kind(type_name), item, ()
    )
    data = document["data"]
    assert isinstance(data, Mapping)
    return data


def subject_of(
    ledger: Ledger, event: Event, item_id: str | None, randomness: Randomness
) -> Subject:
    """Give the item with this id, or the newest of the event's type; one is drawn where none is.

    Raises InvalidInputError for an id that no item has.
    """
    type_name = type_of(event)
    items = items_of(ledger.collections, type_name)
    if item_id is None:
        item = next(reversed(list(items)), None)
    elif (item := items.get(item_id)) is None:
        raise InvalidInputError("item", item_id, f"the id of one of the {type_name}")
    if item is None:
        return {"id": randomness.uuid(), "type": type_name, "attributes": {}}
    return shown(ledger, type_name, item)

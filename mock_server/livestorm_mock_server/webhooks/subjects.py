"""What an event is about, as a resource object."""

from collections.abc import Mapping

from ..api.collections.documents import Shown
from ..collections.item import Item
from ..randomness import Randomness
from ..reading import InvalidInputError
from .events import Event, type_of
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
    type_name, collections = type_of(event), ledger.collections
    items = collections.all(type_name) if type_name in collections.types else []
    if item_id is not None:
        items = [one for one in items if one.id == item_id]
        if not items:
            raise InvalidInputError("item", item_id, f"the id of one of the {type_name}")
    if items:
        return shown(ledger, type_name, items[-1])
    return {"id": randomness.uuid(), "type": type_name, "attributes": {}}

"""The items of types that a scenario need not have."""

from ..collections.content import Collections
from ..collections.table import Table


def items_of(collections: Collections, type_name: str) -> Table:
    """Give the items of a type; none of one that there is not."""
    return collections.table(type_name) if type_name in collections.types else Table()

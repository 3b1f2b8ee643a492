"""What can be done at a collection, and where."""

from collections.abc import Mapping
from typing import Literal

import msgspec

Operation = Literal["list", "show", "create", "update", "delete", "delete_matching", "bulk"]


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where an operation is, from a collection on."""

    verb: str
    last: str = ""
    """What stands behind the collection's path: nothing, `{id}` for an item, or a word."""
    success: int
    """The status where it is done."""


PLACES: Mapping[Operation, Place] = {
    "list": Place(verb="GET", success=200),
    "create": Place(verb="POST", success=201),
    "delete_matching": Place(verb="DELETE", success=204),
    "bulk": Place(verb="POST", last="bulk", success=202),
    "show": Place(verb="GET", last="{id}", success=200),
    "update": Place(verb="PATCH", last="{id}", success=200),
    "delete": Place(verb="DELETE", last="{id}", success=204),
}
"""In the order of their routes: a word comes before what stands for any."""

"""What collections are there: a type's rules, and the paths at which it is served."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from .item import Item
from .operations import PLACES, Operation

ORGANIZATIONS = "organizations"
"""The type of workspaces, to which a relationship may lead without a collection."""
JOBS, TASKS = "jobs", "tasks"
"""The types of what is done later, and of its parts."""
JOB = "job"
"""The relationship from a task to its job."""


class Relationship(msgspec.Struct, frozen=True, kw_only=True):
    """What an item is related to."""

    type: str
    many: bool = False
    inverse: str | None = None
    """The relationship of the other type that leads back, where that one alone is kept."""


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What `filter[...]` compares."""

    name: str
    attribute: str
    compare: Literal["equal", "at_least"] = "equal"


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A type of items, wherever they are served."""

    type: str
    items: Sequence[Item] = ()
    """Those that it begins with; one whose id is empty gets one that is drawn."""
    has_members: bool = False
    """Whether the team members are among them."""
    relationships: Mapping[str, Relationship] = msgspec.field(default_factory=dict)
    filters: Mapping[str, Filter] = msgspec.field(default_factory=dict)
    required: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    """What no two items have alike, all of it together."""
    choices: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """The values that attributes may have."""
    defaults: Mapping[str, object] = msgspec.field(default_factory=dict)
    has_timestamps: bool = True
    are_contacts: bool = False
    fields: tuple[str, ...] = ()
    """The registration fields, where items are made of `fields`."""

    @property
    def compared(self) -> frozenset[str]:
        """What filters compare as texts: attributes, and no ids."""
        ids = {*self.relationships, *(f"{name}_id" for name in self.relationships), "id"}
        return frozenset(one.attribute for one in self.filters.values()) - ids


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """A path at which items of a type are served."""

    kind: Kind
    path: str
    """With `{id}` in the place of the parent's."""
    label: str
    operations: tuple[Operation, ...]
    read: tuple[str, ...]
    write: tuple[str, ...]
    has_pages: bool = True
    """Else a list is whole, and a paging parameter an error of the server."""
    parent: str | None = None
    """The relationship that leads to the parent."""
    parent_type: str | None = None

    def path_of(self, operation: Operation) -> str:
        """Give the path of an operation."""
        return f"{self.path}/{PLACES[operation].last}".removesuffix("/")

    def label_of(self, operation: Operation) -> str:
        """Give the label of an operation."""
        return f"{self.label}.{PLACES[operation].last}".removesuffix(".")

    def scopes_of(self, operation: Operation) -> tuple[str, ...]:
        """Give the scopes, any one of which opens an operation; none means any default scope."""
        return self.read if PLACES[operation].verb == "GET" else self.write

"""The `[[collections]]` entries of a scenario."""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from ..collections.operations import Operation

Word = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[A-Za-z][A-Za-z0-9_\-]*$(?!\n)",
        description="a name of letters, digits, hyphens and underscores",
    ),
]


class RelationshipEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `[[collections.relationships]]` entry: what items are related to."""

    name: Word
    """What `relationships` and `include` call it. An item has the id, or a list of ids, under this
    name, or in its attribute `<name>_id`."""
    type: Word
    """The type of a collection to which it leads; `organizations` is the caller's workspace."""
    many: bool = False
    """Whether it leads to several items."""
    inverse: Word | None = None
    """The relationship of the other type that leads back, where only that one is kept: `session`
    for the people of a session."""


class FilterEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry of `filters`."""

    name: Word
    """What stands in the brackets of `filter[...]`."""
    attribute: Word | None = None
    """The attribute, or relationship, that is compared; absent, the one of its name."""
    compare: Literal["equal", "at_least"] = "equal"
    """Whether the value has to be the same, or a number that is at least as high; a date of ISO
    8601 stands for its Unix seconds."""


class GenerateEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `[collections.generate]` table: many items, which come out the same each time."""

    count: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    """How many."""
    seed: int = 0
    """Where the draws start from."""
    attributes: Mapping[str, object] = msgspec.field(default_factory=dict)
    """Attributes and relationships. A list gives each item one of its values, a text has the
    item's number, from 1 on, for `{n}`; anything else is the same in all."""
    relationships: tuple[Word, ...] = ()
    """Relationships to an item that is drawn from all of the other type. What an item is related
    to brings what that one is related to, under names that both have."""


class CollectionEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `[[collections]]` entry: a path of the API at which items are listed and changed.

    Several entries of one type show the same items; what they say of items adds up.
    """

    type: Word
    """The `type` of its items."""
    path: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^/v1(/[A-Za-z0-9_\-]+|/\{[a-z_]+\})*/[A-Za-z0-9_\-]+$(?!\n)",
            description="a path below /v1/, such as /v1/events/{event}/sessions",
        ),
    ]
    """`/v1/events/{event}/sessions` has the items whose relationship `event` leads to the event."""
    label: (
        Annotated[
            str,
            msgspec.Meta(
                pattern=r"^api\.[A-Za-z0-9_.\-]+$(?!\n)", description="a label below `api.`"
            ),
        ]
        | None
    ) = None
    """What faults and the journal call it; absent, `api.` and the path after `/v1/` without
    `{...}`. One item is `<label>.{id}`."""
    operations: Annotated[tuple[Operation, ...], msgspec.Meta(min_length=1)] = (
        "list",
        "show",
        "create",
        "update",
        "delete",
    )
    """What can be done there; `delete_matching` is DELETE with a filter on the path itself, `bulk`
    POST to `<path>/bulk`, whose job and tasks are items of the types `jobs` and `tasks`."""
    read: tuple[str, ...] = ()
    """Scopes, any one of which opens GET; empty means any default scope."""
    write: tuple[str, ...] = ()
    """Scopes, any one of which opens POST, PATCH and DELETE; empty means any default scope."""
    items: tuple[dict[str, object], ...] = ()
    """Resource objects, or tables of `id`, attributes and relationships side by side; an `id` that
    is absent is drawn."""
    file: str | None = None
    """A JSON or CSV file with further items, beside the scenario."""
    body: str | None = None
    """Further items as the text of a JSON file, for what TOML can't write: null."""
    generate: GenerateEntry | None = None
    """Further items, made when the scenario is put in."""
    members: bool = False
    """Whether the `[[users]]` of the scenario are among the items."""
    relationships: tuple[RelationshipEntry, ...] = ()
    """What items are related to."""
    filters: tuple[FilterEntry | Word, ...] = ()
    """What lists can be filtered by; a text is an attribute, or a relationship, to equal."""
    paging: bool = True
    """Whether lists have pages; else they are whole, and any paging parameter gets a 500 in
    HTML."""
    required: tuple[Word, ...] = ()
    """Attributes and relationships that must not be blank."""
    unique: tuple[Word, ...] = ()
    """Attributes and relationships that no two items have alike, all of them together."""
    choices: Mapping[Word, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """The values that attributes may have."""
    fields: tuple[Word, ...] = ()
    """Registration fields: a request has them in its attribute `fields`, as a list of `id` and
    `value`, and the item has an attribute for each. An unknown one is a 422."""
    defaults: Mapping[str, object] = msgspec.field(default_factory=dict)
    """Attributes of a new item, where the request has none."""
    timestamps: bool = True
    """Whether a new item has `created_at` and `updated_at`, and a change sets the latter."""
    contacts: bool = False
    """Whether items are active contacts, whose number the option `active_contacts` limits."""

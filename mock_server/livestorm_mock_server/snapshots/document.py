"""A snapshot as a document: one JSON object, with secrets, and the same for the same sandbox."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

import msgspec

from ..registration import Registration

VERSION: Final = 1
"""Of the document's shape: another one where a member is added, or means something else."""

_LARGEST = 2**53 - 1
Number = Annotated[int, msgspec.Meta(ge=0, le=_LARGEST)]
Id = Annotated[int, msgspec.Meta(ge=1, le=_LARGEST)]
Moment = Annotated[float, msgspec.Meta(ge=-62_135_596_800, le=253_402_300_799)]
"""Unix seconds of a date."""
Lifetime = Annotated[int, msgspec.Meta(ge=-(10**12), le=10**12)]
Text = Literal["access_token", "refresh_token"]
# The draws for a fault's probability are made anew up to its count.
Count = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]


FaultId = Annotated[
    str,
    msgspec.Meta(pattern=r"^fault-[1-9][0-9]{0,14}$(?!\n)", description="an id such as fault-1"),
]


class _Saved(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the document: all members are there."""


class SavedRandomness(_Saved, frozen=True, kw_only=True):
    """Where what comes next is drawn from; null without a seed."""

    tokens: str | None
    """For tokens, codes and ids: the words of the Mersenne Twister, in base64."""
    credentials: str | None
    """The same for the credentials of applications."""


class SavedClock(_Saved, frozen=True, kw_only=True):
    """How the virtual clock was moved; it goes on with real time while the document lies."""

    offset: float
    """Seconds by which it is ahead."""
    pace_offset: float
    """The same for requests in a second."""
    frozen_at: float | None
    """The Unix time at which it stands still."""


class SavedOrganization(_Saved, frozen=True, kw_only=True):
    """A workspace."""

    id: str
    name: str
    slug: str


class SavedUser(_Saved, frozen=True, kw_only=True):
    """A user."""

    id: Id
    """The provider's own number."""
    uuid: str
    email: str
    first_name: str
    last_name: str
    organization: str
    """The name of the workspace."""
    password: str | None
    role: str
    timezone: str
    avatar_link: str | None
    created_at: Number
    updated_at: Number


class SavedApplication(_Saved, frozen=True, kw_only=True):
    """An application."""

    id: Id
    name: str
    client_id: str
    client_secret: str
    redirect_uris: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    confidential: bool
    scopes: tuple[str, ...]
    created_at: Moment


class SavedFault(_Saved, frozen=True, kw_only=True):
    """A fault in place."""

    id: FaultId
    seen: Count
    """Matching requests, those that passed included."""
    hits: Count
    """Requests that it struck."""
    keys: Mapping[str, object]
    """Those of a `[[faults]]` entry."""


class SavedCode(_Saved, frozen=True, kw_only=True):
    """An authorization code."""

    code: str
    client_id: str
    user: str
    """The e-mail address."""
    redirect_uri: str
    scopes: tuple[str, ...]
    created_at: Moment
    expires_in: Lifetime
    code_challenge: str | None
    code_challenge_method: str | None
    revoked_at: Moment | None
    token_id: Id | None
    """The pair that it gave."""


class SavedToken(_Saved, frozen=True, kw_only=True):
    """An access token, and the refresh token that was issued with it."""

    id: Id
    access_token: str
    refresh_token: str | None
    superseded: tuple[Text, ...]
    """Texts that another pair has now, or none."""
    client_id: str
    user: str | None
    """The e-mail address."""
    scopes: tuple[str, ...]
    created_at: Moment
    expires_in: Lifetime | None
    own_lifetime: Lifetime | None
    revoked_at: Moment | None
    previous_refresh_token: str | None
    was_expired: bool
    family: Id
    refreshed_from: str | None
    successor: Id | None


class SavedCounts(_Saved, frozen=True, kw_only=True):
    """What of the limits a workspace has used."""

    bucket: str
    interval_start: Moment
    interval_count: Number
    period_start: Moment
    period_ends_at: Moment
    period_count: Number


class SavedStore(_Saved, frozen=True, kw_only=True):
    """What the provider remembers."""

    applications: tuple[SavedApplication, ...]
    """As they are, those that were registered and their new secrets included."""
    codes: tuple[SavedCode, ...]
    """In the order in which they are forgotten."""
    tokens: tuple[SavedToken, ...]
    """By id."""
    last_id: Number
    """The id of the newest token."""
    revoked: tuple[Id, ...]
    """The ids of tokens that have an end, in the order in which they are forgotten."""
    expiring: tuple[Id, ...]
    """The same of those without a refresh token."""
    limits: tuple[SavedCounts, ...]


class SavedItem(_Saved, frozen=True, kw_only=True):
    """An item of a collection."""

    id: str
    attributes: Mapping[str, object]
    relationships: Mapping[str, object]
    """The ids of what it is related to."""


class SavedPlan(_Saved, frozen=True, kw_only=True):
    """What happens at a virtual time: an item comes, or attributes change."""

    at: Moment
    number: Number
    type: str
    item: SavedItem | None
    task: str
    """The id of the task that an item comes of, or an empty text."""
    id: str
    attributes: Mapping[str, object]


class SavedCollections(_Saved, frozen=True, kw_only=True):
    """What collections hold, and what is going to happen to them."""

    items: Mapping[str, tuple[SavedItem, ...]]
    """By type, in order."""
    planned: tuple[SavedPlan, ...]
    last_planned: Number
    """The number of what was planned last."""


class SavedSandbox(_Saved, frozen=True, kw_only=True):
    """`GET` and `PUT state`: a sandbox whole, with its secrets, but for its journal."""

    version: int
    """The version of this shape."""
    scenario: Mapping[str, object]
    """What it starts from, where that differs from the defaults."""
    registration: Registration
    seed: int | str | None
    randomness: SavedRandomness
    key: Annotated[
        str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$(?!\n)", description="64 hexadecimal digits")
    ]
    """The key by which the provider signs."""
    announced_at: Moment
    """When what a reset keeps was announced."""
    organizations: Annotated[tuple[SavedOrganization, ...], msgspec.Meta(min_length=1)]
    users: Annotated[tuple[SavedUser, ...], msgspec.Meta(min_length=1)]
    applications: Annotated[tuple[SavedApplication, ...], msgspec.Meta(min_length=1)]
    """As they were announced, which a reset returns to."""
    clock: SavedClock
    faults: tuple[SavedFault, ...]
    last_fault: Number
    """The number of the newest fault."""
    last_exchange: Number
    """The number of the newest exchange in the journal."""
    store: SavedStore
    collections: SavedCollections

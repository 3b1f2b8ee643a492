"""All that a store holds, as a value."""

import msgspec

from .records import AccessGrant, AccessToken, Application
from .windows import Window


class Bucket(msgspec.Struct, frozen=True, kw_only=True):
    """The running counts of one bucket."""

    name: str
    window: Window


class StoreContent(msgspec.Struct, frozen=True, kw_only=True):
    """All that a store holds; put into an empty one, it goes on as the other would have."""

    applications: tuple[Application, ...]
    """By id."""
    codes: tuple[AccessGrant, ...]
    """In the order in which they are forgotten."""
    tokens: tuple[AccessToken, ...]
    """By id."""
    superseded: tuple[int, ...]
    """The ids of tokens whose access token leads to another one, or to none."""
    superseded_refresh: tuple[int, ...]
    """The same of their refresh tokens."""
    revoked: tuple[int, ...]
    """The ids of what has an end, in the order in which they are forgotten; some may be already."""
    expiring: tuple[int, ...]
    """The same of those without a refresh token."""
    buckets: tuple[Bucket, ...]
    """In the order in which they are forgotten."""
    last_id: int
    """The id of the newest token, one that is forgotten included."""

"""The messages that the suite sends to an adapter, by which what it sends is checked.

Each has an `id` besides, which its reply repeats.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

import msgspec

from .messages import DEADLINE_MS


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message; a member that is absent is not sent."""


class Budget(Sent, frozen=True, kw_only=True):
    """What one operation may use."""

    max_wait_ms: int
    """Milliseconds that it may spend on waiting, for a `Retry-After` or between attempts; requests
    come on top, with the client's own time-outs."""


class Config(Sent, frozen=True, kw_only=True):
    """All that the client needs, and nothing about the faults."""

    authorize_url: str
    """Where browsers are sent to."""
    token_url: str
    """The token endpoint."""
    api_base: str
    """What the path of a `call` is appended to."""
    client_id: str
    """The application's id."""
    client_secret: str | None
    """Its secret; null with the `auth_method` `none`."""
    redirect_uri: str
    """Where callbacks go; nothing listens there, as the suite plays the browser."""
    scopes: tuple[str, ...]
    """What is asked for."""
    auth_method: str
    """One of `features.auth_methods`."""
    ca_pem: str | None
    """The only certificate authority to trust, as PEM; null for plain HTTP."""
    issuer: str | None
    """A callback without this `iss`, or with another one, is refused; null: `iss` is a parameter
    like any that is unknown, and ignored."""
    store_dir: str
    """A folder for the client's files, which exists and is private."""
    budget: Budget
    """What one operation may use."""
    log_level: Literal["debug"] | None = None
    """`debug`: everything is to be logged, where `features.log_level` says that this is heeded."""


class Configure(Sent, frozen=True, kw_only=True):
    """Begins a case: whatever was known is forgotten, and the process goes on."""

    type: Literal["configure"]
    """`configure`."""
    case: str
    """The id of the case, such as `D09`."""
    run: str
    """A name for this play of it."""
    config: Config
    """All that the client needs."""


class EndCase(Sent, frozen=True, kw_only=True):
    """Ends a case."""

    type: Literal["end_case"]
    """`end_case`."""


class SeededToken(Sent, frozen=True, kw_only=True):
    """A token as an exchange brings it; its type is Bearer."""

    access_token: str
    """The access token."""
    refresh_token: str | None = None
    """The refresh token; absent where there is none."""
    expires_at: float | None = None
    """When it is over, in Unix seconds, which may be past; null or absent where that is unknown."""
    scope: str | None = None
    """What was granted, with spaces between."""


class Command(Sent, frozen=True, kw_only=True):
    """What all operations share."""

    type: Literal["command"]
    """`command`."""
    op: str
    """The operation."""
    user: str = "u1"
    """Whose connection it is about: any text, no name of a file. Each user has a connection of its
    own, made when it is first named."""


class TimedCommand(Command, frozen=True, kw_only=True):
    """What the operations share that ask the server."""

    deadline_ms: Annotated[float, msgspec.Meta(gt=0)] = DEADLINE_MS
    """Milliseconds until it counts as a hang, two seconds of grace aside. It is the suite's, and no
    time-out for the client."""


class Begin(Command, frozen=True, kw_only=True):
    """Start an authorization; the reply has the `authorize_url`."""


class Callback(TimedCommand, frozen=True, kw_only=True):
    """Take what the browser came back with; `ok` once tokens are stored."""

    url: str
    """The whole URL of the callback."""


class Seed(Command, frozen=True, kw_only=True):
    """Store a token as an exchange would, in the store, too; ends any pause."""

    token: SeededToken
    """The token."""


class Call(TimedCommand, frozen=True, kw_only=True):
    """Call the API; the reply has the `http_status`."""

    path: str = "/me"
    """Appended to `api_base`; what is no path is refused with `security_error`."""
    method: str = "GET"
    """The verb."""
    body: object = None
    """JSON for POST, PUT and PATCH; absent means `{}`."""
    parallel: int | None = None
    """How many such calls start at once; the reply then has `results`."""


class Refresh(TimedCommand, frozen=True, kw_only=True):
    """Refresh now, also a token that is fresh; without a refresh token `reauth_required`."""


class State(Command, frozen=True, kw_only=True):
    """Say what is stored; the reply has `token` and `needs_reauth`."""


class List(Command, frozen=True, kw_only=True):
    """Read a list page by page; the reply has `ids` and `pages`."""

    path: str
    """The path of the first page."""
    max_pages: int
    """The most that may be read."""


class Clock(Command, frozen=True, kw_only=True):
    """Move the client's idea of now; the fake's is moved after the reply."""

    advance: float
    """Seconds."""


OPERATIONS: Final[Mapping[str, type[Command]]] = {
    "begin": Begin,
    "callback": Callback,
    "seed": Seed,
    "call": Call,
    "refresh": Refresh,
    "state": State,
    "list": List,
    "clock": Clock,
}


MESSAGES: Final[Mapping[str, type[Sent]]] = {"configure": Configure, "end_case": EndCase}


def checked(message: dict[str, object]) -> dict[str, object]:
    """Give a message that the suite is about to send.

    Raises msgspec.ValidationError where it is none that the protocol has.
    """
    op = message.get("op")
    struct = MESSAGES[str(message["type"])] if op is None else OPERATIONS[str(op)]
    msgspec.convert(message, struct)
    return message

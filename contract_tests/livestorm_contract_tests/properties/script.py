"""A script: what is done to a client, step by step, as plain JSON that can be played again."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec


class Arm(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="arm"):
    """Have the fake fail: the keys of `POST /_mock/faults`."""

    fault: Mapping[str, object]


class Disarm(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="disarm"):
    """Lift all faults."""


class Connect(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="connect"):
    """Have the user approve, and hand over the callback."""


class Begin(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="begin"):
    """Begin a flow, and leave it open."""


class Callback(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="callback"):
    """Have the user decide, and hand over the callback of the flow that is open, if one is."""

    how: Literal["approved", "denied", "forged"] = "approved"
    """Whether the user agrees; `forged` has another state."""


class Call(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="call"):
    """Call the API so many times at once."""

    parallel: int = 1


class Refresh(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="refresh"):
    """Refresh now."""


class Seed(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="seed"):
    """Give the client a pair, fresh or expired."""

    expired: bool = False


class Expire(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="expire"):
    """Let the access token expire at the provider, before the client expects it."""


class Revoke(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="revoke"):
    """Have the user disconnect the application."""


class Advance(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="advance"):
    """Move the client's clock and the fake's by so many seconds, where the client has one."""

    seconds: float


class Restart(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag="restart"):
    """End the client's process and start it again on its store, where it has one."""

    how: Literal["kill", "stop"] = "kill"


Step: TypeAlias = (
    Arm
    | Disarm
    | Connect
    | Begin
    | Callback
    | Call
    | Refresh
    | Seed
    | Expire
    | Revoke
    | Advance
    | Restart
)


class Script(msgspec.Struct, frozen=True, kw_only=True):
    """The provider's options, and the steps."""

    steps: tuple[Step, ...]
    provider: Mapping[str, object] = {}

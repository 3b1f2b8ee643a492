"""`token_fields`: a token answer with other fields (RFC 6749, section 5.1)."""

import json
from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from ..exchange import Exchange
from ..rails.response import Response, dump_json
from ..rails.text import to_s
from .fault import Fault, Proceed


class TokenFieldsFault(Fault, frozen=True, kw_only=True, tag="token_fields"):
    """Replace, add, retype or drop members of a successful token answer.

    An access or refresh token that is replaced by another text is the one that the provider
    knows from then on.
    """

    set: Mapping[str, object] = msgspec.field(default_factory=dict)
    """Members to add or replace, with any JSON value."""
    null: tuple[str, ...] = ()
    """Members to set to null, which TOML can't write."""
    echo: tuple[str, ...] = ()
    """Members to give the value of the request's parameter: a `refresh_token` that stays."""
    drop: tuple[str, ...] = ()
    """Members to leave out."""
    pad: Mapping[str, Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]] = msgspec.field(
        default_factory=dict
    )
    """Members to lengthen to so many characters."""
    phase: Literal["before", "after"] = "after"

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Change the members; answers that are no tokens stay as they are."""
        response = await proceed.to_spoil()
        if response.status != 200 or not response.body:
            return response
        given = json.loads(response.body)
        members = {name: value for name, value in given.items() if name not in self.drop}
        sent = exchange.request.parameters
        members |= {name: to_s(sent[name]) for name in self.echo if name in sent}
        members |= {**self.set, **dict.fromkeys(self.null)}
        for name, length in self.pad.items():
            members[name] = str(members.get(name, "")).ljust(length, "x")
        await _rename(exchange, given, members)
        response.body = dump_json(members).encode()
        return response


async def _rename(
    exchange: Exchange, given: Mapping[str, object], members: Mapping[str, object]
) -> None:
    """Let the store follow tokens that became other texts."""
    found = await exchange.store.find_token(str(given.get("access_token")))
    if found is None:
        return
    access_token, refresh_token = members.get("access_token"), members.get("refresh_token")
    renamed = await exchange.store.rename_token(
        found.id,
        token=access_token if access_token and isinstance(access_token, str) else None,
        refresh_token=refresh_token if refresh_token and isinstance(refresh_token, str) else None,
    )
    exchange.note_renamed(renamed)

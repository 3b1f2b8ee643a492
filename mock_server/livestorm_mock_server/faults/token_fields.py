"""`token_fields`: a token answer with other fields (RFC 6749, section 5.1)."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, ClassVar, Literal

import msgspec

from ..doorkeeper.tokens import MEMBERS
from ..exchange import Exchange
from ..rails.response import Response, dump_json
from ..rails.text import to_s
from ..reading import InvalidInputError, expected_one_of
from .fault import Answer, Fault, Proceed


class TokenFieldsFault(Fault, frozen=True, kw_only=True, tag="token_fields"):
    """Replace, add, retype or drop members of a successful token answer.

    An access or refresh token that is replaced by another text is the one that the provider
    knows from then on.
    """

    places: ClassVar[tuple[str, ...]] = ("token",)

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

    def check(self, where: str) -> None:
        """Check that a member is to be changed, and one that a token answer has.

        Raises InvalidInputError.
        """
        if not (self.set or self.null or self.echo or self.drop or self.pad):
            raise InvalidInputError(
                f"{where}set", self.set, "a member in set, null, echo, drop or pad"
            )
        for key, names in (("echo", self.echo), ("drop", self.drop)):
            for index, name in enumerate(names):
                if name not in MEMBERS:
                    expected = expected_one_of(name, MEMBERS)
                    raise InvalidInputError(f"{where}{key}[{index}]", name, expected)

    async def finds(self, exchange: Exchange, answer: Answer) -> bool:
        """Tell whether the answer has tokens, and a member becomes another."""
        response = await answer()
        given = read_tokens(response)
        return bool(given) and dump_json(self._changed(exchange, given)) != dump_json(given)

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Change the members."""
        response = await proceed.to_spoil()
        given = read_tokens(response)
        members = self._changed(exchange, given)
        await _rename(exchange, given, members)
        response.body = dump_json(members).encode()
        return response

    def _changed(self, exchange: Exchange, given: Mapping[str, object]) -> dict[str, object]:
        members = {name: value for name, value in given.items() if name not in self.drop}
        sent = exchange.request.parameters
        members |= {name: to_s(sent[name]) for name in self.echo if name in sent}
        members |= {**self.set, **dict.fromkeys(self.null)}
        for name, length in self.pad.items():
            members[name] = str(members.get(name, "")).ljust(length, "x")
        return members


def read_tokens(response: Response) -> Mapping[str, object]:
    """Give the members of a successful token answer; none of what is no such answer."""
    return read_members(response.body) if response.status == 200 else {}


def read_members(body: bytes) -> Mapping[str, object]:
    """Give the members of a JSON object; none of what is no such object, a page for one."""
    with suppress(ValueError):
        members = json.loads(body)
        return members if isinstance(members, dict) else {}
    return {}


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

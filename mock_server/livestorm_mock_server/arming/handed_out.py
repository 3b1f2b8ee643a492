"""Tokens that a fault makes up: who is handed one can use it."""

import json
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import parse_qsl

from ..delivery import Silence
from ..doorkeeper.scopes import is_valid_scope, split_scope
from ..exchange import Exchange
from ..patterns import compile_late
from ..rails.errors import RailsError
from ..rails.response import Response
from ..rails.text import to_s
from ..store.protocol import TokenRequest
from ..store.records import User

_SENDABLE = compile_late(r"[\x21-\x7e]+")
_IN_FORM = b"access_token="
_LONGEST_LIFETIME = 10**12


async def keep_handed_out(exchange: Exchange, response: Response) -> None:
    """Let the store know the tokens of an answer of the token endpoint (RFC 6749, section 5.1).

    They belong to the client and the user of the request, with the scope and the lifetime in
    seconds that the answer tells, or else those that the provider would give. What the endpoint
    issued itself is known already, and what no client can send is not kept.
    """
    if not to_s(exchange.endpoint).startswith("token.") or not 200 <= response.status < 300:
        return
    if isinstance(response.delivery, Silence):
        return
    members = _read_members(response.body)
    token = _sendable(members.get("access_token"))
    application = await exchange.store.find_application(to_s(exchange.client_id))
    if token is None or application is None or token in _issued(exchange):
        return
    user, scopes = await _granted(exchange)
    told = to_s(members.get("scope"))
    new = TokenRequest(
        token=token,
        refresh_token=_sendable(members.get("refresh_token")),
        application=application,
        user=user,
        scopes=split_scope(told) if is_valid_scope(told, exchange.options.scopes) else scopes,
        created_at=exchange.now,
        expires_in=_lifetime(members.get("expires_in"), exchange.options.access_token_lifetime),
    )
    exchange.note_issued(await exchange.store.issue_token(new, reuse=False))


def _read_members(body: bytes) -> Mapping[str, object]:
    """Read JSON in any UTF, or else a form."""
    text = body.strip()
    with suppress(ValueError, RecursionError):
        members = json.loads(text)
        return members if isinstance(members, dict) else {}
    return dict(parse_qsl(text.decode("utf-8", "replace"))) if _IN_FORM in text else {}


def _sendable(token: object) -> str | None:
    """Give a token that is one (RFC 6749, appendices A.12 and A.17)."""
    return token if isinstance(token, str) and _SENDABLE.fullmatch(token) else None


def _issued(exchange: Exchange) -> set[str]:
    return {one.record.token for one in exchange.tokens if one.role == "issued"}


async def _granted(exchange: Exchange) -> tuple[User | None, tuple[str, ...]]:
    """Give whom the code or the refresh token of the request belongs to, and what it grants."""
    with suppress(RailsError):
        parameters = exchange.request.parameters
        grant = await exchange.store.find_code(to_s(parameters.get("code")))
        sent = to_s(parameters.get("refresh_token"))
        if found := grant or await exchange.store.find_refresh_token(sent):
            return found.user, found.scopes
    return None, exchange.options.default_scopes


def _lifetime(told: object, otherwise: int | None) -> int | None:
    if isinstance(told, bool) or not isinstance(told, int):
        return otherwise
    return max(-_LONGEST_LIFETIME, min(told, _LONGEST_LIFETIME))

"""Times and records as they are kept in Redis."""

import struct
from collections.abc import Sequence
from typing import Any

import msgspec

from ..indexes import Grant
from ..protocol import TokenRequest
from ..records import AccessGrant, AccessToken, Application, User

_SIGN = 1 << 63
_ALL = (1 << 64) - 1
_RESERVED = ("\\", ":", "+")


class TokenBody(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What of an access token never changes, and is not told by the store."""

    application: Application
    user: User | None
    scopes: tuple[str, ...]
    created_at: float
    expires_in: int | None
    own_lifetime: int | None
    refreshed_from: str | None


_encoder = msgspec.msgpack.Encoder()
_token_body = msgspec.msgpack.Decoder(TokenBody)
_application = msgspec.msgpack.Decoder(Application)
_grant = msgspec.msgpack.Decoder(AccessGrant)


def encode_time(time: float) -> bytes:
    """Give a text for Unix seconds, exact, that sorts as the times do."""
    (bits,) = struct.unpack(">Q", struct.pack(">d", time + 0.0))
    return b"%016x" % (bits ^ (_ALL if bits & _SIGN else _SIGN))


def decode_time(text: bytes) -> float:
    """Give the Unix seconds of such a text."""
    bits = int(text, 16)
    (time,) = struct.unpack(">d", struct.pack(">Q", bits ^ (_SIGN if bits & _SIGN else _ALL)))
    return float(time)


def encode_optional(text: str | bytes | None) -> bytes:
    """Give a text that tells whether there is one."""
    if text is None:
        return b""
    return b"=" + (text if isinstance(text, bytes) else text.encode())


def encode_grant(grant: Grant) -> str:
    """Give whose a token is."""
    user, application = grant
    return f"{'' if user is None else user}:{application}"


def encode_scopes(scopes: Sequence[str]) -> str:
    """Give scopes without their order."""
    return "".join(sorted({f"{_escaped(scope)}+" for scope in scopes}))


def _escaped(scope: str) -> str:
    for at, reserved in enumerate(_RESERVED):
        scope = scope.replace(reserved, f"\\{at}")
    return scope


def encode_record(record: Application | AccessGrant) -> bytes:
    """Give a record as a whole."""
    return _encoder.encode(record)


def decode_application(body: bytes) -> Application:
    """Give an application."""
    return _application.decode(body)


def encode_new(new: TokenRequest, refreshed_from: str | None = None) -> list[bytes | str]:
    """Give what the scripts need for a token, in their order."""
    body = TokenBody(
        application=new.application,
        user=new.user,
        scopes=new.scopes,
        created_at=new.created_at,
        expires_in=new.expires_in,
        own_lifetime=new.own_lifetime,
        refreshed_from=refreshed_from,
    )
    lifetime = new.expires_in if new.own_lifetime is None else new.own_lifetime
    expires_at = None if lifetime is None else encode_time(new.created_at + lifetime)
    return [
        new.token,
        encode_optional(new.refresh_token),
        _encoder.encode(body),
        encode_grant((None if new.user is None else new.user.id, new.application.id)),
        encode_scopes(new.scopes),
        encode_time(new.created_at),
        encode_optional(expires_at),
    ]


def decode_token(told: Sequence[Any]) -> AccessToken:
    """Give the token that a script has told."""
    token_id, body, token, refresh, ending, previous, expired, family, successor = told
    fixed = _token_body.decode(body)
    return AccessToken(
        id=int(token_id),
        token=token.decode(),
        refresh_token=None if refresh is None else refresh.decode(),
        application=fixed.application,
        user=fixed.user,
        scopes=fixed.scopes,
        created_at=fixed.created_at,
        expires_in=fixed.expires_in,
        own_lifetime=fixed.own_lifetime,
        revoked_at=None if ending is None else decode_time(ending),
        previous_refresh_token=None if previous is None else previous.decode(),
        was_expired=expired is not None,
        family=int(family),
        refreshed_from=fixed.refreshed_from,
        successor=None if successor is None else int(successor),
    )


def decode_code(told: Sequence[Any]) -> AccessGrant:
    """Give the grant of a code that a script has told."""
    body, ending, token_id = told
    return msgspec.structs.replace(
        _grant.decode(body),
        revoked_at=None if ending is None else decode_time(ending),
        token_id=None if token_id is None else int(token_id),
    )

"""Rails' protection against request forgery: masked tokens per form, and the Origin check.

The session cookie carries the secret that all tokens derive from, so nothing is kept on
the server; guessing it is no easier than guessing a session of the real provider.
"""

import base64
import hashlib
import hmac

import msgspec

from ..patterns import compile_late
from .errors import UnprocessableEntity
from .request import Request
from .text import to_s

_SECRET_BYTES = 32
_NOTICE = b"!"
_REST = compile_late(rb"(!?)(\d{0,9})")
_COOKIE_PAIR = compile_late(r"; *")


class Session(msgspec.Struct, frozen=True):
    """A browser's session at the provider, all of it in its cookie."""

    secret: bytes
    """What all CSRF tokens of the session derive from."""
    has_notice: bool = False
    """Whether the next page tells what was just done."""
    user: int | None = None
    """The number of the user who was chosen, 0 for nobody; None where nobody was asked."""


def read_session(request: Request, cookie_name: str) -> Session | None:
    """Read the session from the first cookie of its name, None without a valid one."""
    for pair in _COOKIE_PAIR.split(request.header("cookie") or ""):
        name, _, value = pair.partition("=")
        if name.strip() == cookie_name:
            raw = _decode(value)
            secret, rest = raw[:_SECRET_BYTES], _REST.fullmatch(raw[_SECRET_BYTES:])
            if len(secret) != _SECRET_BYTES or rest is None:
                return None
            return Session(secret, bool(rest[1]), int(rest[2]) if rest[2] else None)
    return None


def session_cookie(cookie_name: str, session: Session, path: str) -> str:
    """Give the `Set-Cookie` value of a session."""
    user = b"" if session.user is None else b"%d" % session.user
    value = _encode(session.secret + (_NOTICE if session.has_notice else b"") + user)
    return f"{cookie_name}={value}; path={path or '/'}; HttpOnly; SameSite=Lax"


def global_token(secret: bytes, pad: bytes) -> str:
    """Make the token of the page's `csrf-token` meta tag, good for any form; masked by `pad`."""
    return _masked(_global(secret), pad)


def form_token(secret: bytes, pad: bytes, path: str, method: str) -> str:
    """Make a token that is good for one form's path and method only; masked by `pad`."""
    return _masked(_per_form(secret, path, method), pad)


def check_authenticity_token(request: Request, session: Session | None) -> Session:
    """Check token and origin of a request that changes state; give its session.

    Raises UnprocessableEntity, or what reading the parameters raises.
    """
    origin = request.header("origin")
    if origin not in (None, request.base_url, request.public_url):
        raise UnprocessableEntity(f"the request comes from origin {origin!r}")
    field = to_s(request.parameters.get("authenticity_token"))
    if session is None:
        raise UnprocessableEntity("there is no session")
    path = request.prefix + request.path
    sent = (field, request.header("x-csrf-token"))
    secret = session.secret
    good = (_global(secret), _per_form(secret, path, request.method.lower()))
    if not any(hmac.compare_digest(_unmasked(s or ""), g) for s in sent for g in good):
        raise UnprocessableEntity("the authenticity token is missing or wrong")
    return session


def _global(secret: bytes) -> bytes:
    return hmac.digest(secret, b"!real_csrf_token", hashlib.sha256)


def _per_form(secret: bytes, path: str, method: str) -> bytes:
    return hmac.digest(secret, f"{path}#{method}".encode(), hashlib.sha256)


def _masked(token: bytes, pad: bytes) -> str:
    return _encode(pad + bytes(a ^ b for a, b in zip(pad, token, strict=True)))


def _unmasked(text: str) -> bytes:
    raw = _decode(text)
    if len(raw) != 2 * _SECRET_BYTES:
        return b""
    return bytes(a ^ b for a, b in zip(raw[:_SECRET_BYTES], raw[_SECRET_BYTES:], strict=True))


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""

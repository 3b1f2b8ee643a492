"""Rails' protection against request forgery: masked tokens per form, and the Origin check.

The session cookie carries the secret that all tokens derive from, so nothing is kept on
the server; guessing it is no easier than guessing a session of the real provider.
"""

import base64
import hashlib
import hmac
import re

from .errors import UnprocessableEntity
from .request import Request
from .text import to_s

_SECRET_BYTES = 32
_COOKIE_PAIR = re.compile(r"[;,]\s*")


def read_session_secret(request: Request, cookie_name: str) -> bytes | None:
    """Give the CSRF secret of the request's session cookie, None without a valid one."""
    for pair in _COOKIE_PAIR.split(request.header("cookie") or ""):
        name, _, value = pair.partition("=")
        if name.strip() == cookie_name:
            secret = _decode(value)
            if len(secret) == _SECRET_BYTES:
                return secret
    return None


def session_cookie(cookie_name: str, secret: bytes, path: str) -> str:
    """Give the `Set-Cookie` value that carries the secret."""
    return f"{cookie_name}={_encode(secret)}; path={path or '/'}; HttpOnly; SameSite=Lax"


def global_token(secret: bytes, pad: bytes) -> str:
    """Make the token of the page's `csrf-token` meta tag, good for any form; masked by `pad`."""
    return _masked(_global(secret), pad)


def form_token(secret: bytes, pad: bytes, path: str, method: str) -> str:
    """Make a token that is good for one form's path and method only; masked by `pad`."""
    return _masked(_per_form(secret, path, method), pad)


def check_authenticity_token(request: Request, secret: bytes | None, path: str) -> None:
    """Check token and origin of a request that changes state.

    Raises UnprocessableEntity.
    """
    origin = request.header("origin")
    if origin is not None and origin != request.base_url:
        raise UnprocessableEntity(f"the request comes from origin {origin!r}")
    if secret is None:
        raise UnprocessableEntity("there is no session")
    sent = (to_s(request.parameters.get("authenticity_token")), request.header("x-csrf-token"))
    good = (_global(secret), _per_form(secret, path, request.method.lower()))
    if not any(hmac.compare_digest(_unmasked(s or ""), g) for s in sent for g in good):
        raise UnprocessableEntity("the authenticity token is missing or wrong")


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

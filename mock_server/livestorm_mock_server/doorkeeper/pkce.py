"""Proof Key for Code Exchange (RFC 7636) as the engine checks it."""

import base64
import hashlib
import re

from ..options import ProviderOptions
from ..patterns import compile_late
from ..rails.errors import InternalServerError
from ..rails.text import is_blank
from ..store.records import AccessGrant, Application

_MULTILINE = compile_late(r"^plain$|^S256$", re.MULTILINE)
_METHODS = ("plain", "S256")


def needs_pkce(options: ProviderOptions, application: Application) -> bool:
    """Tell whether a client has to use PKCE, by `force_pkce`."""
    if options.force_pkce == "public":
        return not application.confidential
    return options.force_pkce == "all"


def is_supported_method(method: object, *, multiline: bool) -> bool:
    """Tell whether a challenge may come with this `code_challenge_method`.

    With `multiline` one line of the value is enough, as in releases before 5.8.
    """
    if multiline:
        return isinstance(method, str) and _MULTILINE.search(method) is not None
    return method in _METHODS


def verifier_fits(grant: AccessGrant, verifier: object) -> bool:
    """Tell whether a `code_verifier` fits the code (RFC 7636, section 4.6).

    Raises InternalServerError where the engine does: it can't digest what is no text.
    """
    if is_blank(verifier):
        return is_blank(grant.code_challenge)
    if grant.code_challenge_method == "S256":
        if not isinstance(verifier, str):
            raise InternalServerError("the code_verifier is no string")
        return s256(verifier) == grant.code_challenge
    if grant.code_challenge_method == "plain":
        return verifier == grant.code_challenge
    return False


def s256(verifier: str) -> str:
    """Derive the S256 challenge: unpadded base64url of the SHA-256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

"""The secrets of an exchange, and all forms in which a secret may leak."""

import base64
import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, quote_plus

from ..fake.journal import Exchange

SHORTEST: Final = 16
"""Characters of the shortest secret that can be told from chance."""


def secrets_of(exchange: Exchange) -> Mapping[str, str]:
    """Give what an exchange let either side know that nobody else should, each with its name."""
    sent = {
        "client_secret": exchange.parameters.get("client_secret"),
        "code": exchange.code,
        "code_verifier": exchange.parameters.get("code_verifier"),
        "refresh_token": exchange.refresh_token,
        "access_token": exchange.bearer_token,
    }
    shown = {text: name for name, text in sent.items() if isinstance(text, str)}
    return {**exchange.tokens_shown, **shown}


def forms_of(secret: str) -> frozenset[str]:
    """Give a secret in all its forms; what can be told from chance only has none."""
    return written_forms(secret) | base64_forms(secret)


def written_forms(secret: str) -> frozenset[str]:
    """Give a secret as it is, percent-encoded, and escaped as Python and JSON write it."""
    if len(secret) < SHORTEST:
        return frozenset()
    raw = _bytes_of(secret)
    encoded = {quote(raw), quote(raw, safe=""), quote_plus(raw)}
    once = _escaped(secret)
    twice = {form for one in once for form in _escaped(one)}
    return frozenset({*encoded, *once, *twice})


def base64_forms(secret: str) -> frozenset[str]:
    """Give what base64 makes of a secret at any place of a longer text, without its ends.

    The first and last characters depend on what stands around it.
    """
    if len(secret) < SHORTEST:
        return frozenset()
    raw = _bytes_of(secret)
    shifted = {
        base64.b64encode(b"\0" * n + raw)[skip:-4].decode() for n, skip in ((0, 0), (1, 2), (2, 3))
    }
    url_safe = {one.replace("+", "-").replace("/", "_") for one in shifted}
    return frozenset({*shifted, *url_safe})


def _escaped(text: str) -> set[str]:
    """Give a text as it is, and as it stands in a literal, whichever quotes are around it."""
    double = f'"{text}'
    return {
        text,
        *(write(text)[1:-1] for write in (repr, ascii, json.dumps)),
        *(write(double)[2:-1] for write in (repr, ascii)),
        json.dumps(text, ensure_ascii=False)[1:-1],
    }


def _bytes_of(secret: str) -> bytes:
    return secret.encode("utf-8", "surrogatepass")

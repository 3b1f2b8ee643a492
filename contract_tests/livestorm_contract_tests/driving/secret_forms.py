"""A secret, in all forms in which it may leak."""

import base64
from typing import Final
from urllib.parse import quote

SHORTEST: Final = 16
"""Characters of the shortest secret that can be told from chance."""


def forms_of(secret: str) -> frozenset[str]:
    """Give a secret as it is, percent-encoded, and in base64 at any place of a longer text.

    What can be told from chance only has no forms.
    """
    if len(secret) < SHORTEST:
        return frozenset()
    raw = secret.encode("utf-8", "surrogatepass")
    shifted = {
        base64.b64encode(b"\0" * n + raw)[skip:-4].decode() for n, skip in ((0, 0), (1, 2), (2, 3))
    }
    url_safe = {one.replace("+", "-").replace("/", "_") for one in shifted}
    return frozenset({secret, quote(raw), quote(raw, safe=""), *shifted, *url_safe})

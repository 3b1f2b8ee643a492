"""Making a server's text safe to show."""

from collections.abc import Iterable
from urllib.parse import quote_plus

LONGEST_TEXT = 200


def redact(text: str, secrets: Iterable[str | None]) -> str:
    """Give at most 200 printable characters of `text`, with every secret in it masked."""
    text = "".join(c for c in text if c.isprintable())
    for secret in filter(None, secrets):
        text = text.replace(secret, "***").replace(quote_plus(secret, errors="replace"), "***")
    return text[:LONGEST_TEXT]

"""Whether a connection persists after an answer; uvicorn reads and says it only since 0.53.

https://www.rfc-editor.org/rfc/rfc9112#section-9
"""

from collections.abc import Iterable
from typing import Any


def is_last(scope: Any) -> bool:
    """Tell whether the connection ends with the answer to a request."""
    fields = [value for name, value in scope["headers"] if name == b"connection"]
    options = b",".join(fields).lower().split(b",")
    return scope["http_version"] == "1.0" or b"close" in [option.strip() for option in options]


def with_close(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Add to an answer's header fields that the connection ends, unless they speak of it."""
    fields = [*headers]
    speaks = any(name.lower() == b"connection" for name, _ in fields)
    return fields if speaks else [*fields, (b"connection", b"close")]

"""What the client says of itself."""

from typing import ClassVar

from .part import Part
from .values import Message


class Offer(Part):
    """The features and operations of the `ready` message; none other than these are taken."""

    features: ClassVar[Message] = {
        "refresh": "auto",
        "refresh_ahead": True,
        "on_401": True,
        "parallel_calls": 64,
        "parallel": True,
        "persist": "file",
        "pkce": True,
        "iss": True,
        "auth_methods": ["client_secret_post", "client_secret_basic"],
        "base_path": True,
        "tls_ca": True,
        "clock": True,
        "pagination": True,
        "logs": ["stderr"],
        "log_level": True,
        "state": "library",
    }
    ops: ClassVar[tuple[str, ...]] = (
        "begin",
        "callback",
        "call",
        "refresh",
        "seed",
        "state",
        "restart",
        "clock",
        "list",
        "cancel",
    )

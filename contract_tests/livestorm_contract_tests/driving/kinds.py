"""The words of the protocol for how an operation ended, and for a secret."""

import hashlib
from enum import StrEnum


class Kind(StrEnum):
    """The outcome of an operation, in the words that all adapters share."""

    OK = "ok"
    DENIED = "denied"
    REAUTH_REQUIRED = "reauth_required"
    CONFIG_ERROR = "config_error"
    RETRY_LATER = "retry_later"
    PROTOCOL_ERROR = "protocol_error"
    TRANSPORT_ERROR = "transport_error"
    SECURITY_ERROR = "security_error"
    BUG = "bug"
    """An exception that no caller is told to expect."""
    CANCELLED = "cancelled"
    """The operation was cancelled before its end."""
    FAILED = "failed"
    """It failed, and does not say how; only a client that declares so may (`features.kinds`)."""
    UNSUPPORTED = "unsupported"
    """The client does not offer this, so nothing is judged."""


def may_be(kind: Kind, *kinds: Kind) -> bool:
    """Tell whether a reported kind can stand for one of these: `failed` for any failure."""
    return kind in kinds or (kind is Kind.FAILED and any(one is not Kind.OK for one in kinds))


def fingerprint(secret: str) -> str:
    """Name a secret without showing it: "sha256:" and 64 hexadecimal digits."""
    digest = hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
    return f"sha256:{digest}"

"""What the OAuth error codes mean to the caller."""

import re
from collections.abc import Iterable

from .errors import ConfigurationError, LivestormError, ProtocolError, RetryLater
from .redaction import redact

BUSY_CODES = frozenset({"server_error", "temporarily_unavailable"})

# The codes of RFC 6749, sections 4.1.2.1 and 5.2, and those that Doorkeeper adds.
CONFIGURATION_CODES = frozenset(
    {
        "invalid_client",
        "invalid_code_challenge_method",
        "invalid_redirect_uri",
        "invalid_request",
        "invalid_scope",
        "unauthorized_client",
        "unsupported_grant_type",
        "unsupported_response_mode",
        "unsupported_response_type",
    }
)


KNOWN_CODES = BUSY_CODES | CONFIGURATION_CODES | {"access_denied", "invalid_grant"}


def read_code(error: object, secrets: Iterable[str | None]) -> str | None:
    """Give an OAuth error code, None when it has other characters than RFC 6749 allows.

    One that is not known may be anything the server was sent, so it is redacted.
    """
    if not isinstance(error, str) or not re.fullmatch(r"[\x20\x21\x23-\x5b\x5d-\x7e]+", error):
        return None
    return error if error in KNOWN_CODES else redact(error, secrets)


def issue_refusal(code: str | None, message: str, status: int | None = None) -> LivestormError:
    """Make the error that an OAuth error code stands for; an unknown one is a ProtocolError."""
    if code in BUSY_CODES:
        return RetryLater(message, status=status, code=code)
    if code in CONFIGURATION_CODES:
        return ConfigurationError(message, status=status, code=code)
    return ProtocolError(message, status=status, code=code)

"""Everything that can go wrong, as one tree.

* LivestormError
  + AccessDenied               the user said no
  + ReauthorizationRequired    a human has to connect the account again
  + ConfigurationError         the application or the workspace has to be changed
  + RetryLater                 the server cannot answer now
    - RateLimited              ... because too much was asked
  + ProtocolError              the answer is not one that OAuth or JSON:API allows
  + TransportError             there is no complete answer
  + SecurityError              somebody tampers with the flow

No error carries a token, a code, a verifier or a client secret.
"""

from typing import ClassVar, Literal, TypeAlias

Kind: TypeAlias = Literal[
    "denied",
    "reauth_required",
    "config_error",
    "retry_later",
    "protocol_error",
    "transport_error",
    "security_error",
]


class LivestormError(Exception):
    """The base of all.

    `kind` names the outcome; `status` is the HTTP status, `code` the OAuth error code and
    `retry_after` the wait in seconds that the server asked for, each None when there is none.
    """

    kind: ClassVar[Kind]

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry_after = retry_after


class AccessDenied(LivestormError):
    """The user refused the authorization (RFC 6749, section 4.1.2.1)."""

    kind = "denied"


class ReauthorizationRequired(LivestormError):
    """No usable grant is left: the user has to go through the authorization again."""

    kind = "reauth_required"


class ConfigurationError(LivestormError):
    """The request will be refused until the application, its scopes or the workspace change."""

    kind = "config_error"


class RetryLater(LivestormError):
    """The server cannot answer now; not before `retry_after` seconds, if it said so."""

    kind = "retry_later"


class RateLimited(RetryLater):
    """Too many requests (RFC 6585, section 4)."""


class ProtocolError(LivestormError):
    """The server answered, but with something that means nothing here."""

    kind = "protocol_error"


class TransportError(LivestormError):
    """Connecting, sending or receiving failed or took too long."""

    kind = "transport_error"


class SecurityError(LivestormError):
    """The callback does not belong to the authorization request, or was delivered before."""

    kind = "security_error"

"""Everything that can go wrong, as one tree.

* LivestormError               kind
  + AccessDenied               denied           the user said no
  + ReauthorizationRequired    reauth_required  a human has to connect the account again
  + ConfigurationError         config_error     application, workspace or store must be changed
  + RetryLater                 retry_later      the server cannot answer now
    - RateLimited              retry_later      ... because too much was asked
  + ProtocolError              protocol_error   the answer means nothing to OAuth or JSON:API
  + TransportError             transport_error  there is no complete answer
  + SecurityError              security_error   somebody tampers with the flow

No error carries a token, a code, a verifier or a client secret.
"""

from typing import ClassVar


class LivestormError(Exception):
    """The base of all.

    `kind` names the outcome; `status` is the HTTP status, `code` the OAuth error code and
    `retry_after` the seconds to wait before another try, each None when there is none.
    """

    kind: ClassVar[str]

    def __init__(
        self,
        message: str,
        status: int | None = None,
        code: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.retry_after = status, code, retry_after

    def __init_subclass__(cls, kind: str) -> None:
        cls.kind = kind


class AccessDenied(LivestormError, kind="denied"):
    """The user refused the authorization (RFC 6749, section 4.1.2.1)."""


class ReauthorizationRequired(LivestormError, kind="reauth_required"):
    """No usable grant is left: the user has to go through the authorization again."""


class ConfigurationError(LivestormError, kind="config_error"):
    """It fails until the application, its scopes, the workspace or the token store change."""


class RetryLater(LivestormError, kind="retry_later"):
    """The server cannot answer now; not before `retry_after` seconds, if it said so."""


class RateLimited(RetryLater, kind="retry_later"):
    """Too many requests (RFC 6585, section 4)."""


class ProtocolError(LivestormError, kind="protocol_error"):
    """The server answered, but with something that means nothing here."""


class TransportError(LivestormError, kind="transport_error"):
    """Connecting, sending or receiving failed or took too long."""


class SecurityError(LivestormError, kind="security_error"):
    """A callback is not the answer to its request, or secrets would go where they must not."""

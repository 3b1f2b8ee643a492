"""What a client must offer to be judged: a few operations, and words for their outcomes."""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

MAX_WAIT_MS: Final = 10_000


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
    """It failed, and does not say how; only a command without an adapter may."""
    UNSUPPORTED = "unsupported"
    """The client does not offer this, so nothing is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReport:
    """An error as the client's language shows it.

    `class_name` is the exception's full name, `code` the OAuth error code and `http_status` that
    of the answer which caused it, each None when there is none.
    """

    class_name: str
    message: str
    repr: str
    code: str | None = None
    http_status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The reply to an operation; `not_before_s` is in seconds from the reply."""

    kind: Kind
    not_before_s: float | None = None
    error: ErrorReport | None = None
    authorize_url: str | None = None
    """Where `begin` sends the browser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedToken:
    """Tokens to store as an exchange would; `expires_at` is in Unix seconds, None if unknown."""

    access_token: str
    refresh_token: str | None = None
    expires_at: float | None = None
    scope: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredToken:
    """Tokens that the client holds, as `fingerprint`s."""

    access_token: str
    refresh_token: str | None = None
    expires_at: float | None = None
    scope: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the client would use after a restart; `token` is None when there is none."""

    token: StoredToken | None = None
    needs_reauth: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a client is told before a case; it learns nothing about the faults."""

    authorize_url: str
    token_url: str
    api_base: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    scopes: tuple[str, ...]
    max_wait_ms: int = MAX_WAIT_MS
    """The most that one operation may spend waiting."""


class Clock(Protocol):
    """The case's time; the client waits by `sleep` only."""

    def now(self) -> float:
        """Give the time in Unix seconds."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let so much time pass."""


class Adapter(Protocol):
    """A client under test; one operation at a time, for one user.

    No operation raises because of what a server answered: an exception of the client that its
    callers are not told to expect is reported as `Kind.BUG`.
    """

    def configure(self, config: Config, clock: Clock) -> None:
        """Begin a case: forget all tokens, pending flows, pauses and connections."""

    def begin(self) -> Result:
        """Start an authorization; the result has `authorize_url`."""
        ...

    def callback(self, url: str) -> Result:
        """Take the URL that the browser was sent back to; ok once tokens are stored."""
        ...

    def seed(self, token: SeedToken) -> None:
        """Store tokens as an exchange would."""

    def call(self, path: str) -> Result:
        """GET `path`, appended to `api_base`, through the client's own call layer."""
        ...

    def refresh(self) -> Result:
        """Refresh now, even if the token is fresh."""
        ...

    def state(self) -> State:
        """Tell what is stored."""
        ...

    def end_case(self) -> None:
        """Close what the case has opened."""


def fingerprint(secret: str) -> str:
    """Name a secret without showing it: "sha256:" and 64 hexadecimal digits."""
    digest = hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
    return f"sha256:{digest}"

"""The operations every store offers: few, whole, each atomic."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import ClassVar, Literal, Protocol

import msgspec

from .records import AccessGrant, AccessToken, Application, User

RotationMode = Literal["on_use", "instant", "grace", "family", "grace_then_family", "never"]


class Rotation(msgspec.Struct, frozen=True, kw_only=True):
    """What a refresh does to the pair that is refreshed; see `ProviderOptions`."""

    mode: RotationMode
    grace: float = 0
    """For how many seconds a refreshed pair lives on, in the modes with a grace period."""
    repeats: bool = False
    """Whether a refresh token that comes again in its grace period gets its successor again."""

    @property
    def has_grace(self) -> bool:
        """Tell whether a refreshed pair lives on for a while."""
        return self.mode in ("grace", "grace_then_family")

    @property
    def reuse_ends_family(self) -> bool:
        """Tell whether a dead refresh token that comes again ends all that came from it."""
        return self.mode in ("family", "grace_then_family")


class AlreadyUsedError(Exception):
    """Another request redeemed the code or rotated the refresh token first."""


class UnfitStoreError(Exception):
    """The store can't be used as things are."""


class StoreUnavailableError(UnfitStoreError):
    """The store does not answer; whether the operation had its effect is not known."""


class TokenRequest(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An access token to be issued: all but the ids, which the store gives."""

    token: str
    refresh_token: str | None
    application: Application
    user: User | None
    scopes: tuple[str, ...]
    created_at: float
    expires_in: int | None
    own_lifetime: int | None = None


class RateLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How many requests a bucket may make; see `ProviderOptions`."""

    interval_limit: int
    monthly_limit: int
    monthly_period: Literal["30_days", "calendar_month"]


class RequestCount(msgspec.Struct, frozen=True, kw_only=True):
    """Where a bucket stands after a request; times are Unix seconds."""

    interval_remaining: int
    interval_ends_at: float
    """By `VirtualClock.pace`; `period_ends_at` is by its `now`."""
    monthly_remaining: int
    period_ends_at: float
    exceeded: Literal["interval", "monthly"] | None
    """The limit that refused the request, which then was not counted."""


class Store(Protocol):
    """What a sandbox remembers. Times are virtual Unix seconds, passed in by the caller.

    Each operation may raise StoreUnavailableError.

    No operation takes longer with more tokens in the store than those that it changes.
    """

    is_here: ClassVar[bool]
    """Whether it is in this process, so that no operation waits for anything."""
    kept: int
    """How many ended pairs, and how many codes, are remembered; older ones become unknown."""

    async def add_application(self, application: Application) -> None:
        """Register an application, or replace the one with its `client_id`."""

    async def applications(self) -> Sequence[Application]:
        """Give all applications by id."""

    async def find_application(self, client_id: str) -> Application | None:
        """Give the application with this `client_id`."""

    async def issue_code(self, grant: AccessGrant) -> None:
        """Keep a new authorization code."""

    async def find_code(self, code: str) -> AccessGrant | None:
        """Give the grant of a code, used or not."""

    async def redeem_code(self, code: str, new: TokenRequest, *, reuse: bool) -> AccessToken:
        """Use up a code and issue its token, or with `reuse` give a matching one again.

        Raises AlreadyUsedError.
        """

    async def issue_token(self, new: TokenRequest, *, reuse: bool) -> AccessToken:
        """Issue a token, or with `reuse` give a matching unexpired one again."""

    async def rotate(
        self, refresh_token: str, new: TokenRequest, *, rotation: Rotation
    ) -> AccessToken:
        """Issue the successor of a refresh token's pair, or give it again.

        Raises AlreadyUsedError, also where the successor to be given again was revoked.
        """

    async def find_token(self, token: str) -> AccessToken | None:
        """Give the record of an access token, without any effect."""

    async def find_refresh_token(self, refresh_token: str) -> AccessToken | None:
        """Give the record of a refresh token."""

    async def present_token(self, token: str, now: float) -> AccessToken | None:
        """Give the record of an access token, and revoke the pair that it replaced."""

    async def revoke_token(self, token_id: int, now: float) -> None:
        """Revoke a pair, and the other access tokens of its refresh token."""

    async def revoke_family(self, family: int, now: float) -> None:
        """Revoke each pair of a chain of refreshes."""

    async def expire_token(self, token_id: int) -> None:
        """Let an access token's lifetime be over; its refresh token stays."""

    async def rename_token(
        self, token_id: int, *, token: str | None, refresh_token: str | None
    ) -> AccessToken:
        """Give a pair other texts; None leaves the one there is."""

    async def has_valid_token(
        self, user: User, application: Application, scopes: Sequence[str]
    ) -> bool:
        """Tell whether a user's token for an application with just these scopes isn't revoked."""

    async def tokens(self) -> Sequence[AccessToken]:
        """Give all tokens, oldest first."""

    async def authorized_applications(self, user: User) -> Sequence[Application]:
        """Give the applications for which the user has a token that is not revoked, by id."""

    async def revoke_application(self, user: User, application_id: int, now: float) -> None:
        """Revoke all codes and tokens of a user for an application."""

    async def count_request(
        self, bucket: str, now: float, paced_at: float, limits: RateLimits
    ) -> RequestCount:
        """Count one request of a bucket, unless a limit refuses it.

        The period goes by `now`, the second by `paced_at`: see `VirtualClock.pace`.
        """

    def rehearsal(self) -> AbstractAsyncContextManager["Store"]:
        """Give a store with the same content, whose changes are undone at the end."""

    async def clear(self) -> None:
        """Forget everything."""

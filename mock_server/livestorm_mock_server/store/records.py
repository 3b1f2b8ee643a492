"""The records of the store: values, replaced as a whole when they change."""

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A record. None of them refers to itself, so the garbage collector need not look at them."""


class Application(Record, frozen=True, kw_only=True, gc=False):
    """A registered OAuth application."""

    id: int
    name: str
    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]
    confidential: bool = True
    scopes: tuple[str, ...] = ()
    """Scopes that the application is limited to; empty means the server's."""
    created_at: float = 0.0


class Organization(Record, frozen=True, kw_only=True, gc=False):
    """A Livestorm workspace."""

    id: str
    name: str
    slug: str


class User(Record, frozen=True, kw_only=True, gc=False):
    """A team member: the resource owner of OAuth."""

    id: int
    """The provider's own number, as `resource_owner_id` in token/info."""
    uuid: str
    """The id that the API shows."""
    first_name: str
    last_name: str
    email: str
    organization: Organization
    password: str | None = None
    role: str = "admin"
    timezone: str = "Europe/Paris"
    avatar_link: str | None = None
    created_at: int = 1_600_000_000
    updated_at: int = 1_600_000_000


class AccessGrant(Record, frozen=True, kw_only=True, gc=False):
    """An authorization code (RFC 6749, section 4.1.2)."""

    code: str
    application: Application
    user: User
    redirect_uri: str
    scopes: tuple[str, ...]
    created_at: float
    expires_in: int
    code_challenge: str | None = None
    code_challenge_method: str | None = None
    revoked_at: float | None = None
    token_id: int | None = None
    """The access token that was issued for the code."""

    def is_expired(self, now: float) -> bool:
        """Tell whether the code's lifetime is over."""
        return now > self.created_at + self.expires_in

    @property
    def is_used(self) -> bool:
        """Tell whether the code was redeemed."""
        return self.revoked_at is not None


class AccessToken(Record, frozen=True, kw_only=True, gc=False):
    """An access token and the refresh token that was issued with it: they are revoked as one."""

    id: int
    token: str
    refresh_token: str | None
    application: Application
    user: User | None
    scopes: tuple[str, ...]
    created_at: float
    expires_in: int | None
    """Lifetime in seconds, None for ever; tokens refreshed from it get the same."""
    own_lifetime: int | None = None
    """Lifetime in seconds of this one alone, where it is another."""
    revoked_at: float | None = None
    """When it is or will be revoked; a moment in the future is a grace period."""
    previous_refresh_token: str | None = None
    """The refresh token that is revoked when this access token is first presented."""
    was_expired: bool = False
    """Whether the access token's lifetime was ended before its time."""
    family: int
    """The id of the first token of the chain of refreshes."""
    refreshed_from: str | None = None
    """The refresh token for which it was issued."""
    successor: int | None = None
    """The id of the pair that its refresh token gave first, where that is given again."""

    @property
    def expires_at(self) -> float | None:
        """The Unix time at which the access token expires, None for never."""
        lifetime = self.expires_in if self.own_lifetime is None else self.own_lifetime
        return None if lifetime is None else self.created_at + lifetime

    def seconds_left(self, now: float) -> int | None:
        """Give the rounded rest of the lifetime, at least 0, None for never."""
        expires_at = self.expires_at
        return None if expires_at is None else max(0, round(expires_at - now))

    def is_expired(self, now: float) -> bool:
        """Tell whether the access token's lifetime is over; the refresh token outlives it."""
        expires_at = self.expires_at
        return self.was_expired or (expires_at is not None and now > expires_at)

    def is_revoked(self, now: float) -> bool:
        """Tell whether the pair is revoked."""
        return self.revoked_at is not None and self.revoked_at <= now

    def is_accessible(self, now: float) -> bool:
        """Tell whether the access token is neither expired nor revoked."""
        return not self.is_expired(now) and not self.is_revoked(now)

"""The tokens of one connection."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Tokens:
    """What the token endpoint granted.

    `expires_at` is in Unix seconds and `lifetime` in seconds, both None when the server did not
    say; `scope` is what was granted, None when the server did not say.
    """

    access_token: str
    refresh_token: str | None = None
    expires_at: float | None = None
    scope: tuple[str, ...] | None = None
    lifetime: float | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        refresh_token = None if self.refresh_token is None else "***"
        return (
            f"Tokens(access_token='***', refresh_token={refresh_token!r}, "
            f"expires_at={self.expires_at!r}, scope={self.scope!r})"
        )

    def due(self, now: float, leeway: float) -> bool:
        """Tell whether to refresh, `leeway` seconds or a tenth of the lifetime before expiry.

        Tokens of unknown expiry are never due: the API's 401 tells.
        """
        if self.expires_at is None:
            return False
        margin = leeway if self.lifetime is None else min(leeway, self.lifetime / 10)
        return now >= self.expires_at - margin

    def completed_by(self, previous: "Tokens") -> "Tokens":
        """Keep what a refresh left unsaid: refresh token and scope (RFC 6749, section 6)."""
        return replace(
            self,
            refresh_token=self.refresh_token or previous.refresh_token,
            scope=self.scope or previous.scope,
        )

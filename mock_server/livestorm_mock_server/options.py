"""Provider options: what the fake pretends to be."""

from typing import Annotated, Literal

import msgspec

from .doorkeeper.releases import RELEASES, Release, ReleaseName

LIVESTORM_SCOPES = (
    "events:read",
    "events:write",
    "admin:read",
    "admin:write",
    "webhooks:read",
    "webhooks:write",
)

Seconds = Annotated[int, msgspec.Meta(ge=0, le=10_000_000_000)]
CookieName = Annotated[
    str, msgspec.Meta(pattern=r"^[A-Za-z0-9_\-]+$(?!\n)", description="the name of a cookie")
]
Scope = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[\x21\x23-\x5b\x5d-\x7e]+$(?!\n)", description="a scope (RFC 6749, section 3.3)"
    ),
]
Count = Annotated[int, msgspec.Meta(ge=1)]


class ProviderOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `[provider]` table of a scenario, with its defaults.

    The options under "open questions" are what nobody has published about Livestorm: each
    offers all plausible values (see docs/open-questions.md).
    """

    release: ReleaseName = "5.9"
    """The Doorkeeper release to answer as."""

    # The user and the consent page
    consent: Literal["page", "approve", "deny"] = "page"
    """Show the page, or approve or deny at once without it."""
    logged_in: bool = True
    """Whether a user is logged in at the provider; without one, success paths are a 500."""
    session_cookie: CookieName = "_session_id"
    """The name of the provider's session cookie."""

    # Doorkeeper's configuration
    access_token_expires_in: Seconds | Literal["never"] = 7200
    """Lifetime of access tokens in seconds."""
    authorization_code_expires_in: Seconds = 600
    """Lifetime of codes in seconds."""
    rotation: Literal["on_use", "instant", "grace", "family", "never"] = "on_use"
    """When a refresh kills the old pair: at the first use of the new access token, at once,
    `rotation_grace` seconds later, at once with reuse killing the whole family (RFC 9700,
    section 4.14.2), or never: the refresh token stays the same."""
    rotation_grace: Seconds = 30
    """Seconds for which a refreshed pair lives on under `rotation = "grace"`."""
    default_scopes: tuple[Scope, ...] = ("identity:read",)
    """Scopes granted when none is asked for."""
    optional_scopes: tuple[Scope, ...] = LIVESTORM_SCOPES
    """Further scopes that may be asked for."""
    grant_flows: tuple[
        Literal["authorization_code", "client_credentials", "password", "implicit"], ...
    ] = ("authorization_code",)
    """Enabled flows; refresh tokens are always issued."""
    reuse_access_token: bool = False
    """Give the same unexpired token again for the same application, user and scopes."""
    enforce_content_type: bool = False
    """Refuse what is not form-encoded with 415."""
    pkce: bool = True
    """Whether PKCE parameters are stored and checked (RFC 7636)."""
    handle_auth_errors: Literal["render", "redirect"] = "render"
    """Show authorization errors on a page, or redirect them to the client where possible."""

    # Open questions about Livestorm
    token_format: Literal["opaque", "jwt"] = "opaque"
    """Form of access tokens."""
    bearer_401_body: Literal["empty", "jsonapi"] = "empty"
    """Body of a 401 for a bad access token."""
    missing_scope_status: Literal[403, 401] = 403
    """Status where the token lacks the scope."""
    attribute_case: Literal["snake_case", "camelCase"] = "snake_case"
    """Spelling of the attributes of `/v1/me`."""
    api_content_type: Literal[
        "application/vnd.api+json; charset=utf-8",
        "application/vnd.api+json",
        "application/json; charset=utf-8",
        "application/json",
    ] = "application/vnd.api+json; charset=utf-8"
    """Content type of API answers with a body."""
    private_tokens: bool = True
    """Whether an `Authorization` without `Bearer ` is looked up as a private API token."""

    # Rate limits
    rate_limits: bool = True
    """Whether requests are limited and answers carry the `RateLimit-*` headers."""
    interval_limit: Count = 5
    """Requests per second."""
    monthly_limit: Count = 10_000
    """Requests per period."""
    monthly_period: Literal["30_days", "calendar_month"] = "30_days"
    """30 days from the first request, or the calendar month in UTC."""
    rate_limit_reset_on: Literal["429", "every_answer"] = "429"
    """Whether `Retry-After` and `RateLimit-Reset` appear on 429 only."""
    rate_limit_reset_form: Literal[
        "unix_seconds", "unix_milliseconds", "iso_8601", "seconds_left"
    ] = "unix_seconds"
    """Form of `RateLimit-Reset`."""
    rate_limit_body: Literal["jsonapi", "empty", "plain_text"] = "jsonapi"
    """Body of a 429: the API's error, none, or the text of Rack::Attack, Rails' usual limiter."""
    rate_limits_cover_token_endpoint: bool = False
    """Whether the limits also count requests to `/oauth/token`."""

    @property
    def doorkeeper(self) -> Release:
        """The release's table of differences."""
        return RELEASES[self.release]

    @property
    def scopes(self) -> tuple[str, ...]:
        """All scopes that the server knows."""
        return self.default_scopes + self.optional_scopes

    @property
    def access_token_lifetime(self) -> int | None:
        """Lifetime of access tokens in seconds, None for ever."""
        lifetime = self.access_token_expires_in
        return None if lifetime == "never" else lifetime

"""Provider options: what the fake pretends to be."""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Literal

import msgspec

from .doorkeeper.releases import RELEASES, Release, ReleaseName
from .header_fields import FieldName, OneLine, check_no_framing
from .origins import origin_of
from .reading import InvalidInputError, expected_one_of
from .store.protocol import Rotation, RotationMode
from .webhooks.options import WebhookOptions

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
Origin = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(\*|[a-z][a-z0-9+.\-]*://[^/?#\s]+)$(?!\n)",
        description="an origin, such as https://app.example.com, or *",
    ),
]


class ExtraHeaders(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry of `extra_headers`: headers on each answer of an endpoint."""

    on: str
    """The endpoint's label, as for faults; `token` and `api` stand for all of theirs."""
    headers: Annotated[Mapping[FieldName, OneLine], msgspec.Meta(min_length=1)]
    """Header names and values; each takes the place of a header of that name."""


class ProviderOptions(WebhookOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
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
    rotation: Literal["on_use", "instant", "grace", "family", "grace_then_family", "never"] = (
        "on_use"
    )
    """When a refresh kills the old pair: at the first use of the new access token, at once,
    `rotation_grace` seconds later, at once with reuse killing the whole family (RFC 9700,
    section 4.14.2), seconds later with reuse after them killing the family, or never: the
    refresh token stays the same."""
    rotation_grace: Seconds = 30
    """Seconds for which a refreshed pair lives on in the modes with a grace period."""
    rotation_repeat: Literal["another_pair", "same_pair"] = "another_pair"
    """What an old refresh token gets that comes again in its grace period: another pair, or the
    one that it got before."""
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
    force_pkce: Literal["none", "public", "all"] = "none"
    """Which clients need a challenge: Doorkeeper's `force_pkce` asks it of public ones, and of
    all since a change for 6.0."""
    introspection: Literal["allowed", "refused", "disabled"] = "allowed"
    """Doorkeeper's `allow_token_introspection`: its default, a block that refuses everybody, or
    false, which takes the endpoint away."""
    skip_controllers: tuple[
        Literal["applications", "authorized_applications", "token_info"], ...
    ] = ()
    """Doorkeeper's `skip_controllers`: endpoints that are not there."""
    handle_auth_errors: Literal["render", "redirect"] = "render"
    """Show authorization errors on a page, or redirect them to the client where possible."""
    reused_code_revokes: bool = True
    """Whether a code that is used twice revokes its tokens, from Doorkeeper 6 on: it does where
    the table of codes has the column `access_token_id`."""

    # What no release does
    any_redirect_uri: bool = False
    """Take redirect URIs that are not registered: each use of one is a finding of the audit."""

    # Rails' configuration and version
    vary: Literal["accept", "negotiation"] = "accept"
    """What `Vary` names: `Accept`, and only where it took part, as Rails does; or all headers that
    choosing the format reads, as Rails does since its security releases of November 2026
    (CVE-2026-126073)."""
    ignore_accept_header: bool = False
    """Whether Rails leaves `Accept` aside: without a suffix or `format`, the answer is HTML, or
    JavaScript to an XMLHttpRequest."""

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
    private_token_me: Literal["organization", "user"] = "organization"
    """What `/v1/me` shows to a private token: the workspace, or its first user."""
    organization_document: Literal["organization", "user"] = "organization"
    """What `/v1/organization` has in `data` for an access token: the workspace, or the connected
    user with a relationship to it."""
    cors: Literal["none", "token", "api", "token_and_api"] = "none"
    """Where browsers may call from pages of other origins: the token endpoint, `/v1/*`."""
    cors_origins: Annotated[tuple[Origin, ...], msgspec.Meta(min_length=1)] = ("*",)
    """The origins of the pages that may, under `cors`."""
    extra_headers: tuple[ExtraHeaders, ...] = ()
    """Headers that the provider, or what stands in front of it, adds to its answers."""
    ended_kept: Annotated[int, msgspec.Meta(ge=0)] = 10_000
    """How many revoked or expired pairs, and how many codes, are remembered; older ones that are
    over become unknown, so that a fake that runs for long does not grow."""

    # Open questions about collections
    default_page_size: Count = 20
    """Items on a page of a list where `page[size]` says nothing."""
    largest_page_size: Count = 100
    """The most items on a page."""
    page_size_beyond: Literal["cut", "error"] = "cut"
    """What a larger `page[size]` gets: as many items as there may be, or a 400."""
    unknown_filter: Literal["error", "ignored"] = "error"
    """What a filter gets that the collection does not have: a 400, or the list unfiltered."""
    unknown_include: Literal["error", "ignored"] = "error"
    """What an `include` gets that is no relationship: a 400, or nothing."""
    filter_comparison: Literal["exact", "any_case", "contains"] = "exact"
    """How a filter compares texts: to the letter, in whatever case, or as a part of the value."""
    duplicate_status: Literal[409, 422] = 409
    """Status where another item has what must be unique."""
    delete_without_match: Literal[404, 204] = 404
    """Status where what is to be deleted by a filter is not there."""
    active_contacts: Annotated[int, msgspec.Meta(ge=0)] | Literal["unlimited"] = "unlimited"
    """How many items there may be in collections of contacts; one more is a 402."""
    job_seconds: Seconds = 5
    """How long the job of a bulk registration takes, in virtual seconds."""
    job_status: Literal["ended", "completed", "failed"] = "ended"
    """How jobs end; one that has failed has registered nobody."""
    bulk_mistakes: Literal["refused", "in_tasks"] = "refused"
    """What a task gets that can't be done as it is written: the whole request is a 422, or that
    task fails when the job runs."""

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
    def refresh_rotation(self) -> Rotation:
        """What a refresh does to the pair that is refreshed."""
        return _rotation(self.rotation, self.rotation_grace, self.rotation_repeat == "same_pair")

    def headers_for(self, label: str | None) -> Iterator[tuple[str, str]]:
        """Give the names and values of `extra_headers` for an endpoint, in order."""
        for entry in self.extra_headers:
            if f"{label}.".startswith(f"{entry.on}."):
                yield from entry.headers.items()

    @property
    def cors_paths(self) -> tuple[str, ...]:
        """What browsers may call from pages of other origins; `/*` stands for all below."""
        paths = {"token": "/oauth/token", "api": "/v1/*"}
        return tuple(path for name, path in paths.items() if name in self.cors.split("_and_"))

    @property
    def scopes(self) -> tuple[str, ...]:
        """All scopes that the server knows."""
        return self.default_scopes + self.optional_scopes

    @property
    def access_token_lifetime(self) -> int | None:
        """Lifetime of access tokens in seconds, None for ever."""
        lifetime = self.access_token_expires_in
        return None if lifetime == "never" else lifetime

    def check(self, where: str, labels: Collection[str], *, has_user: bool) -> None:
        """Check what types alone don't tell: what can't take effect, and where headers go.

        `where` leads to the options, `labels` are those of all endpoints, `has_user` says whether
        the first workspace has one. Raises InvalidInputError.
        """
        if self.private_token_me == "user" and not has_user:
            expected = "organization, as the first workspace has no user"
            raise InvalidInputError(f"{where}private_token_me", self.private_token_me, expected)
        if self.rotation_repeat == "same_pair" and not self.refresh_rotation.has_grace:
            expected = "another_pair, as this rotation has no grace period"
            raise InvalidInputError(f"{where}rotation_repeat", self.rotation_repeat, expected)
        if self.force_pkce != "none" and not (self.pkce and self.doorkeeper.has_force_pkce):
            expected = "none, as release 5.5 does not have it, nor a provider without pkce"
            raise InvalidInputError(f"{where}force_pkce", self.force_pkce, expected)
        self._check_cors(where)
        self.check_webhooks(where)
        self._check_extra_headers(where, labels)

    def _check_cors(self, where: str) -> None:
        if self.cors == "none" and "*" not in self.cors_origins:
            expected = "no list, as cors lets in nobody"
            raise InvalidInputError(f"{where}cors_origins", list(self.cors_origins), expected)
        for index, origin in enumerate(self.cors_origins):
            if (written := origin_of(origin)) not in (None, origin):
                expected = f"the origin as browsers write it, {written}"
                raise InvalidInputError(f"{where}cors_origins[{index}]", origin, expected)

    def _check_extra_headers(self, where: str, labels: Collection[str]) -> None:
        for index, entry in enumerate(self.extra_headers):
            key = f"{where}extra_headers[{index}]."
            if entry.on not in labels:
                raise InvalidInputError(f"{key}on", entry.on, expected_one_of(entry.on, labels))
            check_no_framing(entry.headers, key)


@lru_cache(maxsize=100)
def _rotation(mode: RotationMode, grace: float, repeats: bool) -> Rotation:
    return Rotation(mode=mode, grace=grace, repeats=repeats)

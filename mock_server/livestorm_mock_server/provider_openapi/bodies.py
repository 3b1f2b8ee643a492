"""What the faked endpoints take and answer, as a schema can say it."""

from collections.abc import Mapping
from typing import Literal

import msgspec

Absent = msgspec.UnsetType
NONE = msgspec.UNSET


class AuthorizationRequest(msgspec.Struct):
    """The query of `GET /oauth/authorize` (RFC 6749, section 4.1.1)."""

    response_type: Literal["code", "token"]
    client_id: str
    redirect_uri: str
    """One of those that are registered."""
    scope: str | Absent = NONE
    """With blanks between the scopes; absent, the default ones."""
    state: str | Absent = NONE
    """Comes back with the answer."""
    response_mode: Literal["query", "fragment", "form_post"] | Absent = NONE
    code_challenge: str | Absent = NONE
    """Of PKCE (RFC 7636, section 4.3)."""
    code_challenge_method: Literal["S256", "plain"] | Absent = NONE


class Decision(AuthorizationRequest):
    """The form of the consent page: the same once more, with the token that the page has."""

    authenticity_token: str | Absent = NONE
    """What ties the form to the session of the browser."""
    scopes: list[str] | Absent = msgspec.field(name="livestorm_mock_scopes[]", default=NONE)
    """An extra of the fake: the scopes that the user grants, if not all."""


class ClientCredentials(msgspec.Struct):
    """How a client says who it is where it does not do so by HTTP Basic."""

    client_id: str | Absent = NONE
    client_secret: str | Absent = NONE


class CodeExchange(
    ClientCredentials, kw_only=True, tag_field="grant_type", tag="authorization_code"
):
    """A code for tokens (RFC 6749, section 4.1.3)."""

    code: str
    redirect_uri: str
    """The one that the code was asked for with."""
    code_verifier: str | Absent = NONE
    """The secret behind the `code_challenge`."""


class Refresh(ClientCredentials, kw_only=True, tag_field="grant_type", tag="refresh_token"):
    """A refresh token for the next pair (RFC 6749, section 6)."""

    refresh_token: str
    scope: str | Absent = NONE


class ClientGrant(
    ClientCredentials, kw_only=True, tag_field="grant_type", tag="client_credentials"
):
    """A token for the client itself (RFC 6749, section 4.4)."""

    scope: str | Absent = NONE


class PasswordGrant(ClientCredentials, kw_only=True, tag_field="grant_type", tag="password"):
    """A user's password for tokens (RFC 6749, section 4.3)."""

    username: str
    password: str
    scope: str | Absent = NONE


class AboutToken(ClientCredentials, kw_only=True):
    """The form of `revoke` and `introspect` (RFC 7009, section 2.1; RFC 7662, section 2.1)."""

    token: str
    """An access or a refresh token."""
    token_type_hint: Literal["access_token", "refresh_token"] | Absent = NONE


class TokenPair(msgspec.Struct):
    """An issued token (RFC 6749, section 5.1)."""

    access_token: str
    token_type: Literal["Bearer"]
    created_at: int
    """Unix seconds."""
    scope: str | Absent = NONE
    """What was granted, which may be less than was asked for; absent where that is nothing."""
    expires_in: int | Absent = NONE
    """Seconds from now; absent where it never expires."""
    refresh_token: str | Absent = NONE
    """Absent for a token of the client itself."""


class OAuthFailure(msgspec.Struct):
    """An error of the OAuth engine (RFC 6749, section 5.2)."""

    error: str
    error_description: str
    """For people; not to be parsed."""
    state: object = NONE
    """That of the request, or `unauthorized`."""


class Nothing(msgspec.Struct):
    """An object without members."""


class Introspection(msgspec.Struct):
    """What is told of a token (RFC 7662, section 2.2); of one that is not active, only that."""

    active: bool
    scope: str | Absent = NONE
    client_id: str | Absent | None = NONE
    token_type: Literal["Bearer"] | Absent = NONE
    exp: int | Absent = NONE
    """Unix seconds."""
    iat: int | Absent = NONE
    """Unix seconds."""


class ApplicationOfToken(msgspec.Struct):
    """The client that a token was issued to."""

    uid: str | None
    """Its `client_id`."""


class TokenInfo(msgspec.Struct):
    """What the presented access token is."""

    resource_owner_id: int | None
    """The provider's own number of the user; null for a token of the client itself."""
    scope: list[str]
    expires_in: int | None
    """Seconds from now."""
    application: ApplicationOfToken
    created_at: int
    """Unix seconds."""


class Metadata(msgspec.Struct):
    """Where the endpoints are, and what they can do (RFC 8414, section 2)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    scopes_supported: list[str]
    response_types_supported: list[str]
    response_modes_supported: list[str]
    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    code_challenge_methods_supported: list[str]
    authorization_response_iss_parameter_supported: bool
    resource_indicators_supported: bool
    userinfo_endpoint: str | None
    introspection_endpoint: str | Absent = NONE


class AuthorizedApplication(msgspec.Struct):
    """An application that has a token of the user."""

    id: int
    name: str
    created_at: str
    """By ISO 8601, to the millisecond."""
    uid: str | Absent = NONE
    """The `client_id` of a public one."""


class RailsFailure(msgspec.Struct):
    """What Rails says of a request that no endpoint answers."""

    status: int
    error: str


class OrganizationName(msgspec.Struct):
    """A workspace, within its user."""

    id: str
    name: str


class UserAttributes(msgspec.Struct):
    """What is told of a user."""

    role: str
    created_at: int
    updated_at: int
    timezone: str
    first_name: str
    last_name: str
    email: str
    avatar_link: str | None
    organization: OrganizationName | Absent = NONE
    """At `/v1/me` alone."""
    locale: str | Absent = NONE
    pending_invite: bool | Absent = NONE
    website_link: str | Absent | None = NONE
    linkedin_link: str | Absent | None = NONE
    facebook_link: str | Absent | None = NONE
    twitter_handle: str | Absent | None = NONE


class Item(msgspec.Struct):
    """A resource object (JSON:API, section 7.2)."""

    id: str
    type: str
    attributes: Mapping[str, object]
    relationships: Mapping[str, object] | Absent = NONE


class User(msgspec.Struct, tag_field="type", tag="users"):
    """A team member."""

    id: str
    attributes: UserAttributes
    relationships: Mapping[str, object] | Absent = NONE


class WorkspaceAttributes(msgspec.Struct):
    """What is told of a workspace."""

    name: str
    slug: str | None


class Workspace(msgspec.Struct, tag_field="type", tag="organizations"):
    """A workspace."""

    id: str
    attributes: WorkspaceAttributes


class MeDocument(msgspec.Struct):
    """The connected user; to a private token, the workspace."""

    data: User | Workspace


class OrganizationDocument(msgspec.Struct):
    """The workspace, or the connected user with a relationship to it."""

    data: User | Workspace
    included: list[Workspace] | Absent = NONE
    """The workspace, with `include=organization`."""


class ItemDocument(msgspec.Struct):
    """One item of a collection."""

    data: Item
    included: list[Item] | Absent = NONE


class SentItem(msgspec.Struct):
    """An item as it is created or changed."""

    type: str
    id: str | Absent = NONE
    attributes: Mapping[str, object] | Absent = NONE
    relationships: Mapping[str, object] | Absent = NONE


class SentDocument(msgspec.Struct):
    """What creates or changes an item."""

    data: SentItem


class PageMeta(msgspec.Struct):
    """Which page of a list it is; the first is 0."""

    current_page: int
    previous_page: int | None
    next_page: int | None
    record_count: int
    page_count: int
    items_per_page: int


class ListDocument(msgspec.Struct):
    """A page of a collection."""

    data: list[Item]
    meta: PageMeta
    included: list[Item] | Absent = NONE


class APIError(msgspec.Struct):
    """One thing that is wrong; `status` is a word, such as `unauthorized`."""

    title: str
    detail: str
    code: str
    status: str


class APIFailure(msgspec.Struct):
    """Errors of the API."""

    errors: list[APIError]

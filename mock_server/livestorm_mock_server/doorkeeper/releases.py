"""The one place that says what differs between Doorkeeper releases, and since which change."""

from typing import Literal

import msgspec
from msgspec.structs import replace

ReleaseName = Literal["5.5", "5.8", "5.9", "6.0"]


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """What one release answers differently; each field names the change it comes from."""

    name: ReleaseName

    # Authorization endpoint
    authorize_errors_have_error_status: bool
    """5.6.7: the error page is 400 or 401; before, 200."""
    redirects_authorize_errors: bool
    """5.6.7: `handle_auth_errors :redirect` exists; before, the option changes nothing."""
    code_honours_fragment_mode: bool
    """5.5.2: `response_mode=fragment` puts the code into the fragment; before, into the query."""
    consent_form_carries_response_mode: bool
    """5.5.4: the consent page's forms carry `response_mode`."""
    form_post_leaks_authenticity_token: bool
    """Until 5.5.4: the form_post page holds the CSRF token of the provider."""
    form_post_keeps_absent: bool
    """Until 5.5.4: the form_post page has an empty field for a state that was not sent."""
    form_post_submits_itself: bool
    """5.5.4: the form_post page has a script that works; before, the user is stuck on it."""
    form_post_answers_errors: bool
    """5.7.0: errors can be sent by form_post; before, a 500."""
    deny_answers_unsupported_response_type: bool
    """5.6.5: Deny with an unsupported response_type is an error page; before, a 500."""
    matches_redirect_uri_exactly: bool
    """6.0.0.beta2: redirect URIs are compared as strings, at both endpoints."""
    has_force_pkce: bool
    """5.7.1: `force_pkce` exists."""
    accepts_multiline_challenge_method: bool
    """Until 5.8.0: the method is matched line by line, so `S256\\nfoo` passes."""

    # Token endpoint
    pragma: Literal["always", "never", "on_success"]
    """5.6.6: `Pragma: no-cache` is gone; 5.8.0: it is back on successful answers only."""
    takes_basic_in_any_case: bool
    """5.9.0: the scheme of `Authorization: basic ...` is case-insensitive."""
    several_client_authentications: Literal["allowed", "one_client_one_secret", "one_method"]
    """5.9.5: Basic beside an id with a secret is invalid_request, 5.9.6: and beside another id;
    6.0.0.beta2: Basic, also without a secret, beside an id with a secret. Beside another id without
    one, neither counts there, as if the client had not authenticated."""
    ignores_client_credentials_in_query: bool
    """6.0.0.beta2: client_id and client_secret are read from the body only."""
    none_wants_no_header: bool
    """6.0.0.beta1: a public client's id alone counts only without another Authorization header."""
    compares_secrets_as_text: bool
    """6.0.0.beta2: a number sent as the secret is a wrong secret; before, a 500."""
    code_reuse_revokes_token: bool
    """6.0.0.beta2: presenting a used code, with redirect URI and verifier right, revokes the token
    that was issued for it, if the table of codes has a column for it."""
    wants_scope_as_text: bool
    """6.0.0.beta2: a scope that is an array, an object, a number or a boolean is invalid_request;
    before, an array is invalid_scope at the token endpoint, and all else a 500."""

    # Protected resources, revocation, introspection
    challenges_insufficient_scope: bool
    """5.9.1: a 403 carries `WWW-Authenticate` with `insufficient_scope`."""
    token_type_hint: Literal["ignored", "narrows", "orders"]
    """5.6.0: the hint `refresh_token` hides access tokens; 6.0.0.beta2: it only orders."""
    revokes_refresh_token_of_expired: bool
    """5.8.1: the refresh token of an expired access token can be revoked."""
    public_tokens_belong_to_their_client: bool
    """5.9.1: a public client's token can be revoked by that client only."""
    introspection_members: tuple[str, ...]
    """The key order of an introspection answer: 5.9 and 6.0.0.beta2 changed it."""
    introspects_exp_zero: bool
    """Until 5.9: a never-expiring token introspects with `exp: 0`; since, without `exp`."""
    introspects_refresh_tokens_apart: bool
    """6.0.0.beta2: a refresh token introspects by its own life, without `token_type` and `exp`."""
    has_metadata: bool
    """6.0.0.beta2: `/.well-known/oauth-authorization-server` answers (RFC 8414)."""

    # Texts
    invalid_redirect_uri: str
    invalid_code_challenge_method: str
    request_not_authorized: str


_5_5 = Release(
    name="5.5",
    authorize_errors_have_error_status=False,
    redirects_authorize_errors=False,
    code_honours_fragment_mode=False,
    consent_form_carries_response_mode=False,
    form_post_leaks_authenticity_token=True,
    form_post_keeps_absent=True,
    form_post_submits_itself=False,
    form_post_answers_errors=False,
    deny_answers_unsupported_response_type=False,
    matches_redirect_uri_exactly=False,
    has_force_pkce=False,
    accepts_multiline_challenge_method=True,
    pragma="always",
    takes_basic_in_any_case=False,
    several_client_authentications="allowed",
    ignores_client_credentials_in_query=False,
    none_wants_no_header=False,
    compares_secrets_as_text=False,
    code_reuse_revokes_token=False,
    wants_scope_as_text=False,
    challenges_insufficient_scope=False,
    token_type_hint="ignored",
    revokes_refresh_token_of_expired=False,
    public_tokens_belong_to_their_client=False,
    introspection_members=("active", "scope", "client_id", "token_type", "exp", "iat"),
    introspects_exp_zero=True,
    introspects_refresh_tokens_apart=False,
    has_metadata=False,
    invalid_redirect_uri=(
        "The requested redirect uri is malformed or doesn't match client redirect URI."
    ),
    invalid_code_challenge_method="The code challenge method must be plain or S256.",
    request_not_authorized=(
        "The request is missing a required parameter, includes an unsupported parameter value,"
        " or is otherwise malformed."
    ),
)

_5_8 = replace(
    _5_5,
    name="5.8",
    authorize_errors_have_error_status=True,
    redirects_authorize_errors=True,
    code_honours_fragment_mode=True,
    consent_form_carries_response_mode=True,
    form_post_leaks_authenticity_token=False,
    form_post_keeps_absent=False,
    form_post_submits_itself=True,
    form_post_answers_errors=True,
    deny_answers_unsupported_response_type=True,
    has_force_pkce=True,
    accepts_multiline_challenge_method=False,
    pragma="on_success",
    token_type_hint="narrows",
    revokes_refresh_token_of_expired=True,
    invalid_code_challenge_method="The code_challenge_method must be one of plain, S256.",
    request_not_authorized=(
        "Request need to be authorized."
        " Required parameter for authorizing request is missing or invalid."
    ),
)

_5_9 = replace(
    _5_8,
    name="5.9",
    takes_basic_in_any_case=True,
    several_client_authentications="one_client_one_secret",
    challenges_insufficient_scope=True,
    public_tokens_belong_to_their_client=True,
    introspection_members=("active", "scope", "client_id", "token_type", "iat", "exp"),
    introspects_exp_zero=False,
    invalid_redirect_uri=(
        "The requested redirect URI is malformed or doesn't match the client redirect URI."
    ),
    request_not_authorized=(
        "Request needs to be authorized."
        " Required parameter for authorizing the request is missing or invalid."
    ),
)

_6_0 = replace(
    _5_9,
    name="6.0",
    matches_redirect_uri_exactly=True,
    several_client_authentications="one_method",
    ignores_client_credentials_in_query=True,
    none_wants_no_header=True,
    compares_secrets_as_text=True,
    code_reuse_revokes_token=True,
    wants_scope_as_text=True,
    token_type_hint="orders",
    introspection_members=("active", "scope", "client_id", "iat", "token_type", "exp"),
    introspects_refresh_tokens_apart=True,
    has_metadata=True,
)

RELEASES: dict[ReleaseName, Release] = {
    release.name: release for release in (_5_5, _5_8, _5_9, _6_0)
}

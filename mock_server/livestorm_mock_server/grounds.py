"""The rules by which requests are refused: what each demands, and where that stands.

The engine's checks name theirs where they refuse; the journal tells it beside the reason.
"""

import re
from typing import Final

import msgspec

_SECTION = re.compile(r"RFC (\d+), section ([\d.]+)")


class Ground(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A rule by which a request is refused."""

    id: str
    reason: str
    """Why, in words, where the request gives no better ones."""
    sentence: str
    """What the rule demands."""
    reference: str | None = None
    """Where it stands; None for a rule of the fake's own."""

    @property
    def url(self) -> str | None:
        """The section's address."""
        return section_url(self.reference or "")

    def as_json(self) -> dict[str, str | None]:
        """Give the shape that the journal has."""
        told = {"id": self.id, "sentence": self.sentence}
        return {**told, "reference": self.reference, "url": self.url}


def section_url(reference: str) -> str | None:
    """Give the address of "RFC 6749, section 5.2"; None for what is no section."""
    match = _SECTION.fullmatch(reference)
    return match and f"https://www.rfc-editor.org/rfc/rfc{match[1]}#section-{match[2]}"


MISSING_PARAMETER: Final = Ground(
    id="missing_parameter",
    reason="a parameter is missing or blank",
    sentence="A required parameter must be there, and must not be blank.",
    reference="RFC 6749, section 5.2",
)
GRANT_TYPE_UNSUPPORTED: Final = Ground(
    id="grant_type_unsupported",
    reason="grant_type is unknown or not enabled",
    sentence="The grant type must be one that the provider has enabled.",
    reference="RFC 6749, section 5.2",
)
CONTENT_TYPE: Final = Ground(
    id="content_type",
    reason="enforce_content_type: the content type is not form-urlencoded",
    sentence="Parameters are sent as application/x-www-form-urlencoded.",
    reference="RFC 6749, section 3.2",
)
CLIENT_UNKNOWN: Final = Ground(
    id="client_unknown",
    reason="the client is unknown",
    sentence="The client_id must be that of a registered application.",
    reference="RFC 6749, section 4.1.2.1",
)
CLIENT_AUTHENTICATION: Final = Ground(
    id="client_authentication",
    reason="the client is unknown or its secret is wrong",
    sentence="The client must authenticate with the id and the secret of its application.",
    reference="RFC 6749, section 5.2",
)
SEVERAL_AUTHENTICATIONS: Final = Ground(
    id="several_authentications",
    reason="HTTP Basic and client credentials in the parameters",
    sentence="A client must not use more than one way to authenticate in a request.",
    reference="RFC 6749, section 2.3",
)
REDIRECT_URI_UNREGISTERED: Final = Ground(
    id="redirect_uri_unregistered",
    reason="redirect_uri is not registered",
    sentence="The redirect URI must be one that is registered for the client.",
    reference="RFC 6749, section 3.1.2.3",
)
RESPONSE_TYPE_UNSUPPORTED: Final = Ground(
    id="response_type_unsupported",
    reason="response_type is unknown or not enabled",
    sentence="The response type must be one that the provider has enabled.",
    reference="RFC 6749, section 4.1.2.1",
)
RESPONSE_MODE_UNSUPPORTED: Final = Ground(
    id="response_mode_unsupported",
    reason="response_mode is none of the response type",
    sentence="The response mode must be one that the response type allows.",
    reference="RFC 6749, section 3.1.1",
)
SCOPE_NOT_GRANTED: Final = Ground(
    id="scope_not_granted",
    reason="a scope is unknown, or the application may not have it",
    sentence="Only scopes may be asked for that exist and that the application may have.",
    reference="RFC 6749, section 3.3",
)
SCOPE_EXCEEDED: Final = Ground(
    id="scope_exceeded",
    reason="the scope is more than the refresh token has",
    sentence="A refresh must not ask for a scope that was not granted before.",
    reference="RFC 6749, section 6",
)
SCOPE_NO_TEXT: Final = Ground(
    id="scope_no_text",
    reason="the scope is no text",
    sentence="The scope is one text of names separated by spaces.",
    reference="RFC 6749, section 3.3",
)
CODE_CHALLENGE_MISSING: Final = Ground(
    id="code_challenge_missing",
    reason="force_pkce: there is no code_challenge",
    sentence="Where the provider demands PKCE, an authorization request has a code_challenge.",
    reference="RFC 7636, section 4.4.1",
)
CODE_CHALLENGE_METHOD: Final = Ground(
    id="code_challenge_method",
    reason="code_challenge_method is not supported",
    sentence="The code_challenge_method must be S256 or plain.",
    reference="RFC 7636, section 4.4.1",
)
USER_DENIED: Final = Ground(
    id="user_denied",
    reason="the user denied",
    sentence="Nothing is granted without the user's consent.",
    reference="RFC 6749, section 4.1.2.1",
)
CODE_UNKNOWN: Final = Ground(
    id="code_unknown",
    reason="the code is unknown",
    sentence="The code must be one that the provider issued.",
    reference="RFC 6749, section 5.2",
)
CODE_OF_ANOTHER_CLIENT: Final = Ground(
    id="code_of_another_client",
    reason="the code was issued to another client",
    sentence="A code is good for the client alone to which it was issued.",
    reference="RFC 6749, section 4.1.3",
)
CODE_USED: Final = Ground(
    id="code_used",
    reason="the code was used before",
    sentence="A code must not be used more than once.",
    reference="RFC 6749, section 4.1.2",
)
CODE_EXPIRED: Final = Ground(
    id="code_expired",
    reason="the code expired",
    sentence="A code must be redeemed soon; ten minutes are the longest that is advised.",
    reference="RFC 6749, section 4.1.2",
)
CODE_REDIRECT_URI: Final = Ground(
    id="code_redirect_uri",
    reason="redirect_uri is not the one of the authorization request",
    sentence="The token request has the very redirect URI of the authorization request.",
    reference="RFC 6749, section 4.1.3",
)
CODE_VERIFIER: Final = Ground(
    id="code_verifier",
    reason="code_verifier does not fit the code_challenge",
    sentence="The code_verifier, transformed, must be the code_challenge of the code.",
    reference="RFC 7636, section 4.6",
)
PASSWORD_WRONG: Final = Ground(
    id="password_wrong",
    reason="the username or password is wrong",
    sentence="Username and password must be those of a user.",
    reference="RFC 6749, section 4.3.2",
)
REFRESH_TOKEN_UNKNOWN: Final = Ground(
    id="refresh_token_unknown",
    reason="the refresh token is unknown",
    sentence="The refresh token must be one that the provider issued.",
    reference="RFC 6749, section 5.2",
)
REFRESH_TOKEN_OF_ANOTHER_CLIENT: Final = Ground(
    id="refresh_token_of_another_client",
    reason="the refresh token was issued to another client",
    sentence="A refresh token is good for the client alone to which it was issued.",
    reference="RFC 6749, section 6",
)
REFRESH_WITHOUT_CLIENT: Final = Ground(
    id="refresh_without_client",
    reason="no client authentication was sent",
    sentence="A refresh must say, and prove, which client asks.",
    reference="RFC 6749, section 6",
)
REFRESH_TOKEN_SUPERSEDED: Final = Ground(
    id="refresh_token_superseded",
    reason="the refresh token was revoked or superseded",
    sentence="A refresh token that has a successor in use, or was revoked, is worth nothing.",
    reference="RFC 6749, section 6",
)
REFRESH_TOKEN_REUSED: Final = Ground(
    id="refresh_token_reused",
    reason="a superseded refresh token was reused; its family is revoked",
    sentence="A superseded refresh token that comes again is a sign of theft: the family ends.",
    reference="RFC 9700, section 4.14.2",
)
ACCESS_TOKEN_UNKNOWN: Final = Ground(
    id="access_token_unknown",
    reason="there is no access token, or it is unknown",
    sentence="A protected resource wants an access token that the provider issued.",
    reference="RFC 6750, section 3.1",
)
ACCESS_TOKEN_REVOKED: Final = Ground(
    id="access_token_revoked",
    reason="the access token was revoked",
    sentence="A revoked access token opens nothing.",
    reference="RFC 6750, section 3.1",
)
ACCESS_TOKEN_EXPIRED: Final = Ground(
    id="access_token_expired",
    reason="the access token expired",
    sentence="An access token opens nothing once its lifetime is over.",
    reference="RFC 6750, section 3.1",
)
SCOPE_INSUFFICIENT: Final = Ground(
    id="scope_insufficient",
    reason="the token has none of the scopes",
    sentence="The access token must have a scope that the resource asks for.",
    reference="RFC 6750, section 3.1",
)
PRIVATE_TOKEN_UNKNOWN: Final = Ground(
    id="private_token_unknown",
    reason="the Authorization header is no private token of a workspace",
    sentence="Without `Bearer`, the Authorization header is a workspace's private token.",
    reference="RFC 9110, section 15.5.2",
)
DOCUMENT_MALFORMED: Final = Ground(
    id="document_malformed",
    reason="the query or the document is malformed",
    sentence="Query and document must be as JSON:API has them.",
    reference="RFC 9110, section 15.5.1",
)
FILTER_UNKNOWN: Final = Ground(
    id="filter_unknown",
    reason="the filter is not supported",
    sentence="A list is filtered by what its collection declares.",
    reference="RFC 9110, section 15.5.1",
)
INCLUDE_UNKNOWN: Final = Ground(
    id="include_unknown",
    reason="what is to be included is no relationship",
    sentence="What is included must be a relationship of the items.",
    reference="RFC 9110, section 15.5.1",
)
CONTACTS_USED_UP: Final = Ground(
    id="contacts_used_up",
    reason="the allowance of active contacts is used up",
    sentence="A workspace registers no more contacts than its plan allows.",
    reference="RFC 9110, section 15.5.3",
)
ITEM_UNKNOWN: Final = Ground(
    id="item_unknown",
    reason="there is no such item",
    sentence="The id in the path must be one that an item has.",
    reference="RFC 9110, section 15.5.5",
)
ITEM_CONFLICT: Final = Ground(
    id="item_conflict",
    reason="the document contradicts the path, or what is there already",
    sentence="Type and id must fit the path, and no two items may be the same.",
    reference="RFC 9110, section 15.5.10",
)
ATTRIBUTE_INVALID: Final = Ground(
    id="attribute_invalid",
    reason="an attribute can't have this value",
    sentence="Attributes must have values that the collection takes.",
    reference="RFC 9110, section 15.5.21",
)
RATE_LIMIT: Final = Ground(
    id="rate_limit",
    reason="a limit is used up",
    sentence="No more requests may come in a span of time than the limit allows.",
    reference="RFC 6585, section 4",
)
REVOCATION_WITHOUT_CLIENT: Final = Ground(
    id="revocation_without_client",
    reason="the client is missing, unknown, or its secret is wrong",
    sentence="A client must authenticate to revoke a token.",
    reference="RFC 7009, section 2.1",
)
REVOCATION_OF_ANOTHER_CLIENT: Final = Ground(
    id="revocation_of_another_client",
    reason="the token was issued to another client",
    sentence="A client may revoke only tokens that were issued to it.",
    reference="RFC 7009, section 2.1",
)
INTROSPECTION_REFUSED: Final = Ground(
    id="introspection_refused",
    reason="introspection is refused to everybody",
    sentence="Who may introspect is the provider's choice.",
    reference="RFC 7662, section 2.1",
)
INTROSPECTION_UNAUTHORIZED: Final = Ground(
    id="introspection_unauthorized",
    reason="neither client credentials nor a known access token",
    sentence="Who introspects must be a client, or have an access token of one.",
    reference="RFC 7662, section 2.1",
)
INTROSPECTION_OF_ITSELF: Final = Ground(
    id="introspection_of_itself",
    reason="an access token can't introspect itself or an unknown one",
    sentence="An access token introspects others of its client, which exist.",
    reference="RFC 7662, section 2.1",
)
PARAMETERS_UNREADABLE: Final = Ground(
    id="parameters_unreadable",
    reason="the parameters can't be read",
    sentence="Parameters must be well-formed and in UTF-8.",
    reference="RFC 9110, section 15.5.1",
)
NO_ROUTE: Final = Ground(
    id="no_route",
    reason="nothing is at this path for this method",
    sentence="Path and method must be those of an endpoint.",
    reference="RFC 9110, section 15.5.5",
)
METHOD_UNKNOWN: Final = Ground(
    id="method_unknown",
    reason="the verb is unknown",
    sentence="The verb must be one that HTTP knows.",
    reference="RFC 9110, section 15.5.6",
)
NOT_ACCEPTABLE: Final = Ground(
    id="not_acceptable",
    reason="there is no answer in a format that is asked for",
    sentence="Accept must name a media type in which there is an answer.",
    reference="RFC 9110, section 15.5.7",
)
AUTHENTICITY: Final = Ground(
    id="authenticity",
    reason="the authenticity token is missing or foreign",
    sentence="A form must come from the provider's own page (CSRF).",
    reference="RFC 6749, section 10.12",
)
ENGINE_FAILS: Final = Ground(
    id="engine_fails",
    reason="the engine fails here",
    sentence="The engine raises here instead of refusing: its users see an error of the server.",
    reference="RFC 9110, section 15.6.1",
)
STORE_UNAVAILABLE: Final = Ground(
    id="store_unavailable",
    reason="the records are out of reach",
    sentence="What the fake keeps its records in must answer.",
    reference="RFC 9110, section 15.6.4",
)
FAULT_UNREADABLE: Final = Ground(
    id="fault_unreadable",
    reason="the header asks for a fault that can't be read",
    sentence="The header X-Livestorm-Mock-Fault names a kind of fault and its parameters.",
)
NOT_HTTP: Final = Ground(
    id="not_http",
    reason="what came is no request",
    sentence="A request must be one as HTTP/1.1 has it, within the limits of Puma.",
    reference="RFC 9112, section 2.2",
)
NO_SANDBOX: Final = Ground(
    id="no_sandbox",
    reason="there is no such sandbox",
    sentence="The path begins with /s/ and the id of a sandbox that is open.",
)
WEBHOOK_REFUSED: Final = Ground(
    id="webhook_refused",
    reason="no webhook may go there",
    sentence="Webhooks go to loopback addresses, and to hosts that --allow-webhooks-to names.",
)

GROUNDS: Final = {one.id: one for one in tuple(globals().values()) if isinstance(one, Ground)}
"""All of them, by their ids."""

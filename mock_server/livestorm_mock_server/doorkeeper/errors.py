"""OAuth errors in Doorkeeper's words.

OAuthError
├── InvalidRequest           400
│   └── MissingParameter     400, names the parameter
├── InvalidClient            401: the only 401 of the token endpoint
├── UnauthorizedClient       401: the client may not use this grant
├── InvalidGrant             400: the code or refresh token, also a refresh token's client
├── InvalidScope             400
├── InvalidRedirectURI       400
├── InvalidCodeChallengeMethod 400
├── UnsupportedGrantType     400
├── UnsupportedResponseType  400
├── UnsupportedResponseMode  400
├── AccessDenied             400, or redirected
├── InvalidToken             401: unknown, expired or revoked access token
└── InsufficientScope        403
"""

from collections.abc import Mapping
from typing import ClassVar

from .. import grounds
from ..grounds import Ground
from ..rails.text import is_blank
from .releases import Release

REALM = "Doorkeeper"

# RFC 6749 section 5.2, RFC 6750 section 3.1; the sentences are part of the wire format.
_GENERIC_INVALID_REQUEST = (
    "The request is missing a required parameter, includes an unsupported parameter value,"
    " or is otherwise malformed."
)


class OAuthError(Exception):
    """An error answer; the journal alone has the rule that decided, and `reason`, why in words."""

    code: ClassVar[str]
    status: ClassVar[int] = 400
    text: ClassVar[str]

    def __init__(self, ground: Ground, told: str | None = None, *, state: object = None) -> None:
        self.ground = ground
        self.reason = told or ground.reason
        self.state = state
        super().__init__(self.reason)

    def description(self, release: Release) -> str:
        """Give the `error_description` that this release sends."""
        del release
        return self.text

    def body(self, release: Release) -> dict[str, object]:
        """Give the members of the error body in the engine's order."""
        body: dict[str, object] = {
            "error": self.code,
            "error_description": self.description(release),
        }
        return body if is_blank(self.state) else body | {"state": self.state}

    def headers(self, release: Release) -> dict[str, str]:
        """Give the headers of a token-endpoint error (RFC 6750, section 3)."""
        headers = {"Cache-Control": "no-store"}
        if release.pragma == "always":
            headers["Pragma"] = "no-cache"
        return headers | {"WWW-Authenticate": self.challenge(release)}

    def challenge(self, release: Release) -> str:
        """Give the value of `WWW-Authenticate`."""
        description = self.description(release)
        return f'Bearer realm="{REALM}", error="{self.code}", error_description="{description}"'


class InvalidRequest(OAuthError):
    """The request is malformed."""

    code = "invalid_request"
    text = _GENERIC_INVALID_REQUEST


class MissingParameter(InvalidRequest):
    """A required parameter is absent or blank."""

    def __init__(self, name: str, *, state: object = None) -> None:
        super().__init__(grounds.MISSING_PARAMETER, f"{name} is missing or blank", state=state)
        self.name = name

    def description(self, release: Release) -> str:
        return f"Missing required parameter: {self.name}."


class MissingCodeChallenge(InvalidRequest):
    """The provider wants a code_challenge of this client (RFC 7636, section 4.4.1)."""

    # No recording confirms the sentence: Debian's Doorkeeper does not have `force_pkce`.
    text = "Code challenge is required."


class SeveralClientAuthentications(InvalidRequest):
    """The client authenticated in two ways at once (RFC 6749, section 2.3)."""

    text = "The request utilizes more than one mechanism for authenticating the client."


class NotAuthorizedToIntrospect(InvalidRequest):
    """Introspection without client credentials and without an access token."""

    def description(self, release: Release) -> str:
        return release.request_not_authorized


class InvalidClient(OAuthError):
    """The client is unknown, or its secret is missing or wrong."""

    code = "invalid_client"
    status = 401
    text = (
        "Client authentication failed due to unknown client, no client authentication included,"
        " or unsupported authentication method."
    )


class UnauthorizedClient(OAuthError):
    """The client may not use this grant type."""

    code = "unauthorized_client"
    status = 401
    text = "The client is not authorized to perform this request using this method."


class InvalidGrant(OAuthError):
    """The code or refresh token is unknown, used, expired, revoked, or of another client."""

    code = "invalid_grant"
    text = (
        "The provided authorization grant is invalid, expired, revoked, does not match the"
        " redirection URI used in the authorization request, or was issued to another client."
    )


class InvalidScope(OAuthError):
    """A scope is unknown, malformed, or more than may be granted."""

    code = "invalid_scope"
    text = "The requested scope is invalid, unknown, or malformed."


class InvalidRedirectURI(OAuthError):
    """The redirect URI is missing, malformed, or not registered."""

    code = "invalid_redirect_uri"

    def description(self, release: Release) -> str:
        return release.invalid_redirect_uri


class InvalidCodeChallengeMethod(OAuthError):
    """There is a code_challenge without a supported method (RFC 7636, section 4.4.1)."""

    code = "invalid_code_challenge_method"

    def description(self, release: Release) -> str:
        return release.invalid_code_challenge_method


class UnsupportedGrantType(OAuthError):
    """The grant type is unknown or not enabled."""

    code = "unsupported_grant_type"
    text = "The authorization grant type is not supported by the authorization server."


class UnsupportedResponseType(OAuthError):
    """The response type is unknown or not enabled."""

    code = "unsupported_response_type"
    text = "The authorization server does not support this response type."


class UnsupportedResponseMode(OAuthError):
    """The response mode is unknown, or not possible for the response type."""

    code = "unsupported_response_mode"
    text = "The authorization server does not support this response mode."


class AccessDenied(OAuthError):
    """The user refused (RFC 6749, section 4.1.2.1)."""

    code = "access_denied"
    text = "The resource owner or authorization server denied the request."


class InvalidToken(OAuthError):
    """The access token does not open the resource (RFC 6750, section 3.1)."""

    code = "invalid_token"
    status = 401
    _TEXTS: ClassVar[Mapping[str, str]] = {
        "unknown": "The access token is invalid",
        "expired": "The access token expired",
        "revoked": "The access token was revoked",
    }

    def __init__(self, ground: Ground, told: str | None = None, *, why: str = "unknown") -> None:
        super().__init__(ground, told, state="unauthorized")
        self.why = why

    def description(self, release: Release) -> str:
        return self._TEXTS[self.why]


class InsufficientScope(OAuthError):
    """The access token lacks the scope (RFC 6750, section 3.1)."""

    code = "insufficient_scope"
    status = 403

    def __init__(self, required: tuple[str, ...]) -> None:
        told = f"the token has none of the scopes {', '.join(required)}"
        super().__init__(grounds.SCOPE_INSUFFICIENT, told)
        self.required = required

    def description(self, release: Release) -> str:
        return f"Access to this resource requires scope _{' '.join(self.required)}_."

    def headers(self, release: Release) -> dict[str, str]:
        headers = super().headers(release)
        if not release.challenges_insufficient_scope:
            del headers["WWW-Authenticate"]
        return headers

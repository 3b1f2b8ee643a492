"""The authorization request and its callback."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from math import inf
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from .answer import ERRORS_BY_CODE, read_code, read_detail, read_token
from .errors import AccessDenied, ProtocolError, SecurityError
from .tokens import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """One authorization: send the user's browser to `url`; the callback counts once.

    Keep it where only this browser's callback will find it, such as its server-side session.
    """

    url: str
    state: str = field(repr=False)
    redirect_uri: str
    code_verifier: str = field(repr=False)
    expires_at: float = inf
    """The moment, in Unix seconds, after which no callback is believed."""
    _tickets: list[None] = field(
        default_factory=lambda: [None], init=False, repr=False, compare=False
    )

    def spend(self) -> None:
        """Use the request up; SecurityError when it was used before, by another thread even."""
        try:
            self._tickets.pop()
        except IndexError:
            raise SecurityError("the authorization request was used before") from None


def issue_authorization_request(
    authorize_url: str, query: dict[str, str], redirect_uri: str, expires_at: float = inf
) -> AuthorizationRequest:
    """Make a request with PKCE S256 and a 256-bit state (RFC 6749, section 4.1.1; RFC 7636)."""
    state, code_verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    digest = hashlib.sha256(code_verifier.encode("ascii")).digest()
    query = {
        **query,
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"),
        "code_challenge_method": "S256",
    }
    sent = {name: value for name, value in query.items() if value}
    return AuthorizationRequest(
        url=f"{authorize_url}?{urlencode(sent, quote_via=quote)}",
        state=state,
        redirect_uri=redirect_uri,
        code_verifier=Secret(code_verifier),
        expires_at=expires_at,
    )


def read_callback(request: AuthorizationRequest, callback_url: str, issuer: str | None) -> str:
    """Give the code of a callback and use the request up (RFC 6749, section 4.1.2).

    `iss` must be `issuer`, unless that is None (RFC 9207, section 2.4). Raises SecurityError when
    it is not the answer to `request`, then AccessDenied, RetryLater, ConfigurationError or
    ProtocolError by the `error` it carries, which wins over a code.
    """
    parameters = read_parameters(callback_url)
    received = parameters.get("state", Secret()).encode(errors="replace")
    if not hmac.compare_digest(received, request.state.encode()):
        raise SecurityError("the callback's state is not the request's")
    if issuer is not None and parameters.get("iss") != issuer:
        raise SecurityError("the callback does not come from the configured issuer")
    request.spend()
    if "error" in parameters:
        hidden = (request.code_verifier, parameters.get("code"))
        code = read_code(parameters["error"], hidden)
        error = AccessDenied if code == "access_denied" else ERRORS_BY_CODE.get(code, ProtocolError)
        raise error(
            f"the user was sent back with {code}{read_detail(parameters, hidden)}", code=code
        )
    granted = read_token(parameters.get("code"))
    if granted is None:
        raise ProtocolError("the callback has no usable code")
    return granted


def read_parameters(callback_url: str) -> dict[str, Secret]:
    """Read the query; SecurityError when a parameter that matters stands in it twice."""
    try:
        query = parse_qsl(urlsplit(callback_url).query, keep_blank_values=True)
    except ValueError:
        raise SecurityError("the callback is not a URL") from None
    # Masked, so that no traceback with local variables shows the code.
    parameters = {name: Secret(value) for name, value in query}
    names = [name for name, _ in query]
    del query
    for name in ("state", "iss", "code", "error", "error_description"):
        if names.count(name) > 1:
            raise SecurityError(f"the callback has more than one {name}")
    return parameters

"""The authorization request and its callback."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from .answer import read_detail
from .errors import AccessDenied, ProtocolError, SecurityError
from .refusals import issue_refusal, read_code
from .settings import Settings
from .token_answer import read_token

SINGLE_PARAMETERS = ("state", "iss", "code", "error", "error_description")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """One authorization: send the user's browser to `url`; the callback counts once."""

    url: str
    state: str
    redirect_uri: str
    code_verifier: str = field(repr=False)
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
    settings: Settings, scope: Sequence[str] = ()
) -> AuthorizationRequest:
    """Make a request with PKCE S256 and a 256-bit state (RFC 6749, section 4.1.1; RFC 7636)."""
    state, code_verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    query = {
        "response_type": "code",
        "client_id": settings.client_id,
        "redirect_uri": settings.redirect_uri,
        "scope": " ".join(scope),
        "state": state,
        "code_challenge": compute_code_challenge(code_verifier),
        "code_challenge_method": "S256",
    }
    sent = urlencode({name: value for name, value in query.items() if value}, quote_via=quote)
    return AuthorizationRequest(
        url=f"{settings.app_url}/oauth/authorize?{sent}",
        state=state,
        redirect_uri=settings.redirect_uri,
        code_verifier=code_verifier,
    )


def compute_code_challenge(code_verifier: str) -> str:
    """Give the S256 challenge of a verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(code_verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def read_callback(request: AuthorizationRequest, callback_url: str, *, issuer: str) -> str:
    """Give the code of a callback and use the request up (RFC 6749, section 4.1.2).

    Raises SecurityError when it is not the answer to `request`, then AccessDenied, RetryLater,
    ConfigurationError or ProtocolError by the `error` it carries, which wins over a code.
    """
    parameters = read_parameters(callback_url)
    check_state(parameters, request.state)
    check_issuer(parameters, issuer)
    request.spend()
    check_granted(parameters, (request.code_verifier, parameters.get("code")))
    code = read_token(parameters.get("code"))
    if code is None:
        raise ProtocolError("the callback has no usable code")
    return code


def read_parameters(callback_url: str) -> dict[str, str]:
    """Read the query; SecurityError when a parameter that matters stands in it twice."""
    try:
        pairs = parse_qsl(urlsplit(callback_url).query, keep_blank_values=True)
    except ValueError:
        raise SecurityError("the callback is not a URL") from None
    names = [name for name, _ in pairs]
    for name in SINGLE_PARAMETERS:
        if names.count(name) > 1:
            raise SecurityError(f"the callback has more than one {name}")
    return dict(pairs)


def check_state(parameters: Mapping[str, str], state: str) -> None:
    """Raise SecurityError unless the callback carries our state (RFC 6749, section 10.12)."""
    received = parameters.get("state", "").encode(errors="replace")
    if not hmac.compare_digest(received, state.encode()):
        raise SecurityError("the callback's state is not the request's")


def check_issuer(parameters: Mapping[str, str], issuer: str) -> None:
    """Raise SecurityError when another server claims the callback (RFC 9207, section 2.4)."""
    if parameters.get("iss", issuer) != issuer:
        raise SecurityError("the callback comes from another issuer")


def check_granted(parameters: Mapping[str, str], secrets: tuple[str | None, ...]) -> None:
    """Raise what the callback's `error` means (RFC 6749, section 4.1.2.1)."""
    if "error" not in parameters:
        return
    code = read_code(parameters["error"], secrets)
    message = f"the authorization ended with {code}{read_detail(dict(parameters), secrets)}"
    raise (
        AccessDenied(message, code=code)
        if code == "access_denied"
        else issue_refusal(code, message)
    )

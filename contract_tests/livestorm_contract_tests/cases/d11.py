"""D11: what a refresh request carries."""

from base64 import b64decode
from binascii import Error
from urllib.parse import unquote_plus

from ..fake.journal import Exchange
from ..steps.using import use
from ..suite.case import Case
from ..suite.driver import Unsupported
from ..suite.stage import Stage
from ..suite.verdicts import Level

SCOPES = ("identity:read", "events:read")

FOREIGN = frozenset(
    {
        "access_token",
        "assertion",
        "code",
        "code_challenge",
        "code_challenge_method",
        "code_verifier",
        "device_code",
        "password",
        "redirect_uri",
        "response_type",
        "state",
        "username",
    }
)
"""Parameters of other grants and requests."""


def play(stage: Stage) -> None:
    """Refresh once, and look at each request."""
    stage.client.seed(expired=True, scope=" ".join(SCOPES))
    outcome = use(stage)
    if not outcome.token_requests:
        raise Unsupported("a refresh by itself")
    for request in outcome.token_requests:
        asked = str(request.parameters.get("scope") or "").split()
        foreign = sorted(FOREIGN & set(request.parameters))
        grant_type = request.parameters.get("grant_type")
        stage.check("grant-type", grant_type == "refresh_token", outcome)
        stage.check("scope", set(asked) <= set(SCOPES), outcome, told=f"scope {asked}")
        stage.check("authenticated", is_authenticated(stage, request), outcome)
        stage.check("no-foreign-parameters", not foreign, outcome, told=", ".join(foreign))


def is_authenticated(stage: Stage, request: Exchange) -> bool:
    """Tell whether a request carries the credentials that the client was given."""
    registration = stage.client.config.registration
    client_id, secret = registration.client_id, registration.client_secret
    sent = request.parameters
    if stage.client.config.auth_method == "none":
        return sent.get("client_id") == client_id
    in_body = sent.get("client_id") == client_id and sent.get("client_secret") == secret
    return in_body or read_basic(request) == (client_id, secret)


def read_basic(request: Exchange) -> tuple[str, str] | None:
    """Read Basic credentials, form-encoded or not."""
    scheme, _, encoded = request.request_headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = b64decode(encoded).decode().partition(":")
    except (Error, UnicodeDecodeError):
        return None
    return unquote_plus(name), unquote_plus(secret)


CASE = Case(
    id="D11",
    name="refresh/request",
    level=Level.MUST,
    severity=3,
    requirement="a refresh request authenticates the client, and asks for no more than was granted",
    source="RFC 6749, section 6",
    injects="nothing",
    observes="journal",
    checks={
        "grant-type": "`grant_type` is `refresh_token`",
        "scope": "the scope is left out, or no wider than the granted one",
        "authenticated": "the client's credentials are sent",
        "no-foreign-parameters": "no parameters of another grant are sent",
    },
    needs=("seed", "refresh=auto|explicit"),
    play=play,
)

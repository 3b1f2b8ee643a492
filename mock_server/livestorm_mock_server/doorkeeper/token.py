"""`POST /oauth/token` (RFC 6749, section 3.2)."""

from collections.abc import Awaitable, Callable

from .. import grounds
from ..exchange import Exchange
from ..rails.request import FORM
from ..rails.response import DEFAULT_HEADERS, JSON, Response, dump_json, render_json
from ..rails.text import is_blank
from ..store.records import AccessToken
from .errors import MissingParameter, OAuthError, UnsupportedGrantType
from .grants.authorization_code import exchange_code
from .grants.client_credentials import issue_to_client
from .grants.password import exchange_password
from .grants.refresh_token import refresh
from .raised import Raised
from .tokens import render_token

Grant = Callable[[Exchange], Awaitable[AccessToken]]

GRANTS: dict[str, Grant] = {
    "authorization_code": exchange_code,
    "client_credentials": issue_to_client,
    "password": exchange_password,
    "refresh_token": refresh,
}


async def issue_token(exchange: Exchange) -> Response:
    """Answer a token request."""
    if (refusal := check_content_type(exchange)) is not None:
        return refusal
    try:
        token = await _grant(exchange)(exchange)
    except Raised as raised:
        return raised_error(exchange, raised.error)
    except OAuthError as error:
        return rendered_error(exchange, error)
    return render_token(exchange, token)


def check_content_type(exchange: Exchange) -> Response | None:
    """Refuse a body that is no form, where the provider enforces it (415)."""
    if not exchange.options.enforce_content_type or exchange.request.media_type == FORM:
        return None
    exchange.note_refusal(grounds.CONTENT_TYPE)
    return render_json(exchange.request, {}, status=415)


def rendered_error(exchange: Exchange, error: OAuthError) -> Response:
    """Answer with an error that the engine renders."""
    exchange.note_refusal(error.ground, error.reason)
    release = exchange.release
    return render_json(
        exchange.request, error.body(release), status=error.status, headers=error.headers(release)
    )


def raised_error(exchange: Exchange, error: OAuthError) -> Response:
    """Answer with an error that the engine raises past its renderer: no `Vary`."""
    exchange.note_refusal(error.ground, error.reason)
    release = exchange.release
    headers = DEFAULT_HEADERS | error.headers(release) | {"Content-Type": JSON}
    body = dump_json(error.body(release))
    return Response(status=error.status, headers=headers, body=body.encode())


def is_enabled_grant_type(exchange: Exchange, grant_type: str) -> bool:
    """Tell whether the provider has this grant; refreshing is always possible."""
    if grant_type == "refresh_token":
        return True
    return grant_type in GRANTS and grant_type in exchange.options.grant_flows


def _grant(exchange: Exchange) -> Grant:
    parameters = exchange.request.parameters
    grant_type = parameters.get("grant_type")
    if is_blank(grant_type):
        raise Raised(MissingParameter("grant_type", state=parameters.get("state")))
    if not isinstance(grant_type, str) or not is_enabled_grant_type(exchange, grant_type):
        unsupported = UnsupportedGrantType(
            grounds.GRANT_TYPE_UNSUPPORTED,
            f"grant_type {grant_type!r} is unknown or not enabled",
            state=parameters.get("state"),
        )
        raise Raised(unsupported)
    return GRANTS[grant_type]

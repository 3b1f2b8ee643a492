"""`POST /oauth/introspect` (RFC 7662)."""

from .. import grounds
from ..exchange import Exchange
from ..rails.response import Response, render_json
from ..store.records import AccessToken, Application
from .bearer import present_token
from .client_authentication import Credentials, authenticate_client, read_credentials
from .errors import InvalidClient, InvalidToken, NotAuthorizedToIntrospect, OAuthError
from .given_token import FoundToken, find_given_token
from .raised import Raised
from .token import check_content_type, raised_error, rendered_error


async def introspect(exchange: Exchange) -> Response:
    """Tell whether a token is active, to its own client or to another token of that client."""
    if (refusal := check_content_type(exchange)) is not None:
        return refusal
    found = await find_given_token(exchange)
    try:
        asker = await _check_asker(exchange, read_credentials(exchange), found)
    except Raised as raised:
        return raised_error(exchange, raised.error)
    except OAuthError as error:
        return rendered_error(exchange, error)
    if found is None or not _is_active(exchange, asker, found):
        exchange.reason = "the token is unknown, not active, or of another client"
        return render_json(exchange.request, {"active": False})
    exchange.note_sent(found.record)
    exchange.reason = "the token is active"
    return render_json(exchange.request, _members(exchange, found))


async def _check_asker(
    exchange: Exchange, credentials: Credentials | None, found: FoundToken | None
) -> Application:
    if credentials is not None:
        application = await authenticate_client(exchange, credentials)
        if application is None:
            raise InvalidClient(grounds.CLIENT_AUTHENTICATION)
        return application
    token = await present_token(exchange)
    if token is None:
        raise NotAuthorizedToIntrospect(grounds.INTROSPECTION_UNAUTHORIZED)
    _check_token(exchange, token, found)
    return token.application


def _check_token(exchange: Exchange, token: AccessToken, found: FoundToken | None) -> None:
    if token.is_revoked(exchange.now):
        raise InvalidToken(
            grounds.ACCESS_TOKEN_REVOKED, "the access token that asks was revoked", why="revoked"
        )
    if token.is_expired(exchange.now):
        raise InvalidToken(
            grounds.ACCESS_TOKEN_EXPIRED, "the access token that asks expired", why="expired"
        )
    if exchange.options.introspection == "refused":
        raise InvalidToken(grounds.INTROSPECTION_REFUSED)
    if found is None or found.record.id == token.id:
        raise InvalidToken(grounds.INTROSPECTION_OF_ITSELF)
    if found.record.application.id != token.application.id:
        raise InvalidToken(
            grounds.INTROSPECTION_UNAUTHORIZED, "the token was issued to another client"
        )


def _is_active(exchange: Exchange, asker: Application, found: FoundToken) -> bool:
    if exchange.options.introspection == "refused":
        return False
    apart = found.by_refresh_token and exchange.release.introspects_refresh_tokens_apart
    record, now = found.record, exchange.now
    alive = not record.is_revoked(now) if apart else record.is_accessible(now)
    return alive and record.application.id == asker.id


def _members(exchange: Exchange, found: FoundToken) -> dict[str, object]:
    record, release = found.record, exchange.release
    members: dict[str, object] = {
        "active": True,
        "scope": " ".join(record.scopes),
        "client_id": record.application.client_id,
        "token_type": "Bearer",
        "iat": int(record.created_at),
    }
    if record.expires_at is not None:
        members["exp"] = int(record.expires_at)
    elif release.introspects_exp_zero:
        members["exp"] = 0
    if found.by_refresh_token and release.introspects_refresh_tokens_apart:
        members.pop("token_type")
        members.pop("exp", None)
    return {name: members[name] for name in release.introspection_members if name in members}

"""The refresh token grant (RFC 6749, section 6), with every rotation mode."""

from ... import grounds
from ...exchange import Exchange
from ...rails.text import is_blank, to_s
from ...store.protocol import AlreadyUsedError
from ...store.records import AccessToken, Application
from ..client_authentication import authenticate_client, read_credentials
from ..errors import InvalidClient, InvalidGrant, InvalidScope, MissingParameter
from ..scopes import is_valid_scope, split_scope
from ..tokens import new_token
from .requested_scopes import read_scope


async def refresh(exchange: Exchange) -> AccessToken:
    """Issue the successor of a refresh token's pair; a refused attempt changes nothing.

    Raises OAuthError.
    """
    parameters = exchange.request.parameters
    old = await exchange.store.find_refresh_token(to_s(parameters.get("refresh_token")))
    credentials = read_credentials(exchange)
    application = await authenticate_client(exchange, credentials)
    if old is None and is_blank(parameters.get("refresh_token")):
        raise MissingParameter("refresh_token")
    old = await _check_token(exchange, old, application)
    if credentials is not None and application is None:
        raise InvalidClient(grounds.CLIENT_AUTHENTICATION)
    if application is None:
        raise InvalidGrant(grounds.REFRESH_WITHOUT_CLIENT)
    if application.id != old.application.id:
        raise InvalidGrant(grounds.REFRESH_TOKEN_OF_ANOTHER_CLIENT)
    return await _rotate(exchange, old, _read_scopes(exchange, old))


async def _check_token(
    exchange: Exchange, old: AccessToken | None, application: Application | None
) -> AccessToken:
    if old is None:
        raise InvalidGrant(grounds.REFRESH_TOKEN_UNKNOWN)
    exchange.note_sent(old)
    if not old.is_revoked(exchange.now):
        return old
    is_owner = application is not None and application.id == old.application.id
    if exchange.options.refresh_rotation.reuse_ends_family and is_owner:
        await exchange.store.revoke_family(old.family, exchange.now)
        raise InvalidGrant(grounds.REFRESH_TOKEN_REUSED)
    raise InvalidGrant(grounds.REFRESH_TOKEN_SUPERSEDED)


def _read_scopes(exchange: Exchange, old: AccessToken) -> tuple[str, ...]:
    parameters = exchange.request.parameters
    asked = parameters.get("scope")
    if asked is None or asked is False:
        asked = parameters.get("scopes")
    scope = read_scope(exchange, asked)
    if is_blank(scope):
        return old.scopes
    if not is_valid_scope(scope, old.scopes):
        raise InvalidScope(grounds.SCOPE_EXCEEDED)
    return split_scope(scope)


async def _rotate(exchange: Exchange, old: AccessToken, scopes: tuple[str, ...]) -> AccessToken:
    new = new_token(exchange, old.application, old.user, scopes, expires_in=old.expires_in)
    try:
        return await exchange.store.rotate(
            to_s(old.refresh_token), new, rotation=exchange.options.refresh_rotation
        )
    except AlreadyUsedError:
        told = "the refresh token was used by a request at the same time"
        raise InvalidGrant(grounds.REFRESH_TOKEN_SUPERSEDED, told) from None

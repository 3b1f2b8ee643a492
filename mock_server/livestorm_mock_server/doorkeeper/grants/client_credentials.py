"""The client credentials grant (RFC 6749, section 4.4): no user, no refresh token."""

from ... import grounds
from ...exchange import Exchange
from ...store.records import AccessToken
from ..client_authentication import authenticate_client, read_credentials
from ..errors import InvalidClient
from ..tokens import new_token
from .requested_scopes import check_requested_scopes, read_scope


async def issue_to_client(exchange: Exchange) -> AccessToken:
    """Issue a token to the client itself. Raises OAuthError.

    A scope that can't be read is refused before an unknown client is.
    """
    application = await authenticate_client(exchange, read_credentials(exchange))
    asked = read_scope(exchange, exchange.request.parameters.get("scope"))
    if application is None:
        raise InvalidClient(grounds.CLIENT_AUTHENTICATION)
    scopes = check_requested_scopes(exchange, application, asked)
    new = new_token(
        exchange,
        application,
        None,
        scopes,
        expires_in=exchange.options.access_token_lifetime,
        with_refresh_token=False,
    )
    return await exchange.store.issue_token(new, reuse=exchange.options.reuse_access_token)

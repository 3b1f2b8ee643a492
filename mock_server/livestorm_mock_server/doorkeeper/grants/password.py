"""The password grant (RFC 6749, section 4.3), off unless a scenario enables it."""

from ... import grounds
from ...exchange import Exchange
from ...store.records import AccessToken, User
from ..client_authentication import authenticate_client, read_credentials
from ..errors import InvalidClient, InvalidGrant
from ..tokens import new_token
from .requested_scopes import check_requested_scopes, read_scope


async def exchange_password(exchange: Exchange) -> AccessToken:
    """Issue a token for a user's name and password. Raises OAuthError."""
    application = await authenticate_client(exchange, read_credentials(exchange))
    if application is None:
        raise InvalidClient(grounds.CLIENT_AUTHENTICATION)
    user = _find_user(exchange)
    if user is None:
        raise InvalidGrant(grounds.PASSWORD_WRONG)
    asked = read_scope(exchange, exchange.request.parameters.get("scope"))
    scopes = check_requested_scopes(exchange, application, asked)
    new = new_token(
        exchange,
        application,
        user,
        scopes,
        expires_in=exchange.options.access_token_lifetime,
    )
    return await exchange.store.issue_token(new, reuse=exchange.options.reuse_access_token)


def _find_user(exchange: Exchange) -> User | None:
    parameters = exchange.request.parameters
    username, password = parameters.get("username"), parameters.get("password")
    for user in exchange.provider.users:
        if user.password is not None and (user.email, user.password) == (username, password):
            return user
    return None

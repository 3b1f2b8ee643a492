"""The authorization code grant (RFC 6749, section 4.1.3, and RFC 7636)."""

from ... import grounds
from ...exchange import Exchange
from ...rails.text import is_blank, to_s
from ...store.protocol import AlreadyUsedError
from ...store.records import AccessGrant, AccessToken, Application
from ..client_authentication import authenticate_client, read_credentials
from ..errors import InvalidClient, InvalidGrant, MissingParameter
from ..pkce import needs_pkce, verifier_fits
from ..raised import Raised
from ..tokens import new_token
from ..uris import matches_redirect_uri


async def exchange_code(exchange: Exchange) -> AccessToken:
    """Redeem a code for a token; a refused attempt leaves the code as it was.

    Raises OAuthError.
    """
    parameters = exchange.request.parameters
    if is_blank(parameters.get("code")):
        raise Raised(MissingParameter("code", state=parameters.get("state")))
    grant = await exchange.store.find_code(to_s(parameters["code"]))
    application = await authenticate_client(exchange, read_credentials(exchange))
    _check_parameters(exchange, grant, application)
    if application is None:
        raise InvalidClient(grounds.CLIENT_AUTHENTICATION)
    grant = _check_client(grant, application)
    if not exchange.release.code_reuse_revokes_token:
        _check_accessible(exchange, grant)
    _check_redirect_uri(exchange, grant)
    _check_code_verifier(exchange, grant)
    await _revoke_on_reuse(exchange, grant)
    _check_accessible(exchange, grant)
    return await _redeem(exchange, grant)


def _check_parameters(
    exchange: Exchange, grant: AccessGrant | None, application: Application | None
) -> None:
    parameters = exchange.request.parameters
    uses_pkce = grant is not None and not is_blank(grant.code_challenge)
    is_forced = application is not None and needs_pkce(exchange.options, application)
    if (uses_pkce or is_forced) and is_blank(parameters.get("code_verifier")):
        raise MissingParameter("code_verifier")
    if is_blank(parameters.get("redirect_uri")):
        raise MissingParameter("redirect_uri")


def _check_client(grant: AccessGrant | None, application: Application) -> AccessGrant:
    if grant is None:
        raise InvalidGrant(grounds.CODE_UNKNOWN)
    if grant.application.id != application.id:
        raise InvalidGrant(grounds.CODE_OF_ANOTHER_CLIENT)
    return grant


def _check_accessible(exchange: Exchange, grant: AccessGrant) -> None:
    if grant.is_used:
        raise InvalidGrant(grounds.CODE_USED)
    if grant.is_expired(exchange.now):
        raise InvalidGrant(grounds.CODE_EXPIRED)


async def _revoke_on_reuse(exchange: Exchange, grant: AccessGrant) -> None:
    """Revoke what a used code was exchanged for, once its possession is proven (RFC 6749, 10.5)."""
    revokes = exchange.release.code_reuse_revokes_token and exchange.options.reused_code_revokes
    if revokes and grant.token_id is not None:
        await exchange.store.revoke_token(grant.token_id, exchange.now)


def _check_redirect_uri(exchange: Exchange, grant: AccessGrant) -> None:
    given = to_s(exchange.request.parameters.get("redirect_uri"))
    exactly = exchange.release.matches_redirect_uri_exactly
    if not matches_redirect_uri(given, [grant.redirect_uri], exactly=exactly):
        raise InvalidGrant(grounds.CODE_REDIRECT_URI)
    registered = grant.application.redirect_uris
    if not matches_redirect_uri(grant.redirect_uri, registered, exactly=exactly):
        exchange.has_unregistered_redirect_uri = True


def _check_code_verifier(exchange: Exchange, grant: AccessGrant) -> None:
    if exchange.options.pkce and not verifier_fits(
        grant, exchange.request.parameters.get("code_verifier")
    ):
        raise InvalidGrant(grounds.CODE_VERIFIER)


async def _redeem(exchange: Exchange, grant: AccessGrant) -> AccessToken:
    new = new_token(
        exchange,
        grant.application,
        grant.user,
        grant.scopes,
        expires_in=exchange.options.access_token_lifetime,
    )
    try:
        return await exchange.store.redeem_code(
            grant.code, new, reuse=exchange.options.reuse_access_token
        )
    except AlreadyUsedError:
        told = "the code was used by a request at the same time"
        raise InvalidGrant(grounds.CODE_USED, told) from None

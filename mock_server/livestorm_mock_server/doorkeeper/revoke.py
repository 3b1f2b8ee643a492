"""`POST /oauth/revoke` (RFC 7009)."""

from .. import grounds
from ..exchange import Exchange
from ..grounds import Ground
from ..rails.response import Response, render_json
from ..store.records import Application
from .client_authentication import authenticate_client, read_credentials
from .given_token import FoundToken, find_given_token
from .raised import Raised
from .token import check_content_type, raised_error

_REFUSAL = {
    "error": "unauthorized_client",
    "error_description": "You are not authorized to revoke this token",
}


async def revoke(exchange: Exchange) -> Response:
    """Revoke the pair of an access or refresh token; an unknown one is no error."""
    if (refusal := check_content_type(exchange)) is not None:
        return refusal
    try:
        client = await authenticate_client(exchange, read_credentials(exchange))
    except Raised as raised:
        return raised_error(exchange, raised.error)
    if client is None:
        return _refuse(exchange, grounds.REVOCATION_WITHOUT_CLIENT)
    found = await find_given_token(exchange)
    if found is None:
        exchange.reason = "there is no such token, which is no error"
        return render_json(exchange.request, {})
    if not _may_revoke(exchange, client, found):
        return _refuse(exchange, grounds.REVOCATION_OF_ANOTHER_CLIENT)
    exchange.note_sent(found.record)
    await _revoke(exchange, found)
    return render_json(exchange.request, {})


def _may_revoke(exchange: Exchange, client: Application, found: FoundToken) -> bool:
    owner = found.record.application
    belongs = owner.confidential or exchange.release.public_tokens_belong_to_their_client
    return not belongs or owner.id == client.id


async def _revoke(exchange: Exchange, found: FoundToken) -> None:
    outlives = found.by_refresh_token and exchange.release.revokes_refresh_token_of_expired
    if found.record.is_expired(exchange.now) and not outlives:
        exchange.reason = "the access token expired before, so nothing was revoked"
        return
    await exchange.store.revoke_token(found.record.id, exchange.now)
    exchange.reason = "the pair is revoked"


def _refuse(exchange: Exchange, ground: Ground) -> Response:
    exchange.note_refusal(ground)
    return render_json(exchange.request, _REFUSAL, status=403)

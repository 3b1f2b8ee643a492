"""Finding a token by its access or its refresh token (RFC 7009, section 2.1)."""

import msgspec

from ..exchange import Exchange
from ..rails.text import is_blank, to_s
from ..store.records import AccessToken


class FoundToken(msgspec.Struct, frozen=True):
    """A token's record, and which of its two values was given."""

    record: AccessToken
    by_refresh_token: bool


async def find_given_token(exchange: Exchange) -> FoundToken | None:
    """Look up the `token` parameter; the release says what `token_type_hint` does."""
    parameters = exchange.request.parameters
    if is_blank(parameters.get("token")):
        return None
    given = to_s(parameters.get("token"))
    hinted = parameters.get("token_type_hint") == "refresh_token"
    hides_access_tokens = hinted and exchange.release.token_type_hint == "narrows"
    record = None if hides_access_tokens else await exchange.store.find_token(given)
    if record is not None:
        return FoundToken(record, by_refresh_token=False)
    record = await exchange.store.find_refresh_token(given)
    return None if record is None else FoundToken(record, by_refresh_token=True)

"""`POST /_pages/session`: another user signs in, or the user signs out."""

from urllib.parse import quote

from msgspec.structs import replace

from ..doorkeeper.authorize import PATH
from ..doorkeeper.sessions import NOBODY, check_csrf, keep_session
from ..exchange import Exchange
from ..rails.errors import UnprocessableEntity
from ..rails.response import Response
from ..rails.text import to_s
from .surroundings import Surroundings

_QUERY = "!$%&()*+,/:;=?@[]|~"
"""What stays as it is in the query that leads back."""


async def choose(exchange: Exchange, surroundings: Surroundings) -> Response:
    """Remember in the browser who is signed in, and lead back to the consent page.

    Raises UnprocessableEntity for a user whom the scenario has not, or a form of another page.
    """
    del surroundings
    session = check_csrf(exchange)
    parameters = exchange.request.parameters
    given = to_s(parameters.get("user"))
    known = {str(one.id) for one in exchange.provider.users} | {str(NOBODY)}
    if given not in known:
        raise UnprocessableEntity("there is no such user")
    query = quote(to_s(parameters.get("query")).encode("latin-1", "replace"), _QUERY)
    location = f"{exchange.request.prefix}{PATH}?{query}"
    headers = {"Location": location, "Cache-Control": "no-store"}
    answer = Response(status=303, headers=headers)
    return keep_session(exchange, replace(session, user=int(given)), answer)

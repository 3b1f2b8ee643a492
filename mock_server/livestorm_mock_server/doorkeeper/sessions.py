"""The browser's session at the provider."""

from ..exchange import Exchange
from ..rails import csrf
from ..rails.csrf import Session
from ..rails.response import Response

_SECRET_BYTES = 32


def open_session(exchange: Exchange) -> Session:
    """Give the request's session, or a new one."""
    found = csrf.read_session(exchange.request, exchange.options.session_cookie)
    return found or Session(exchange.provider.randomness.bytes(_SECRET_BYTES))


def check_csrf(exchange: Exchange) -> Session:
    """Give the session of a request that changes state. Raises UnprocessableEntity."""
    session = csrf.read_session(exchange.request, exchange.options.session_cookie)
    return csrf.check_authenticity_token(exchange.request, session)


def keep_session(exchange: Exchange, session: Session, response: Response) -> Response:
    """Set the session's cookie on an answer, as Rails does whenever it used the session."""
    cookie = csrf.session_cookie(exchange.options.session_cookie, session, exchange.request.prefix)
    others = [line for line in response.fields if line[0] != "Set-Cookie"]
    response.fields = [*others, ("Set-Cookie", cookie)]
    return response

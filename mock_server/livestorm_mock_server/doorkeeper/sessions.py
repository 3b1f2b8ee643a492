"""The browser's session at the provider."""

from ..exchange import Exchange
from ..rails import csrf
from ..rails.csrf import Session
from ..rails.response import Response
from ..store.records import User

_SECRET_BYTES = 32
NOBODY = 0
"""The number that no user has."""


def open_session(exchange: Exchange) -> Session:
    """Give the request's session, or a new one."""
    found = csrf.read_session(exchange.request, exchange.options.session_cookie)
    return found or Session(exchange.provider.randomness.bytes(_SECRET_BYTES))


def signed_in(exchange: Exchange) -> User | None:
    """Give the user of the browser: who was chosen in it, or else who is logged in anyway."""
    session = csrf.read_session(exchange.request, exchange.options.session_cookie)
    if exchange.visitor is not None or session is None or session.user is None:
        return exchange.current_user
    if session.user == NOBODY:
        return None
    users = exchange.provider.users
    return next((one for one in users if one.id == session.user), exchange.current_user)


def has_signed_out(exchange: Exchange) -> bool:
    """Tell whether the user of the browser has left, and wants to say who comes next."""
    session = csrf.read_session(exchange.request, exchange.options.session_cookie)
    return exchange.visitor is None and session is not None and session.user == NOBODY


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

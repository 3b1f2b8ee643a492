"""Who is signed in at the provider, and who else may be: the fake's own, as nothing is recorded."""

from collections.abc import Sequence

import msgspec

from ..exchange import Exchange
from ..pages.paths import SESSION
from ..rails.response import Response
from ..store.records import User
from .pages import render_page
from .sessions import signed_in

MOST_USERS = 200
"""Users that may be chosen on a page; a scenario may have more."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What a page shows of the user: `query` leads back to the authorization request."""

    user: User | None
    users: Sequence[User]
    action: str
    query: str


def account_of(exchange: Exchange, query: str) -> Account:
    """Give the account of a browser that asks for authorization by this query."""
    return Account(
        user=signed_in(exchange),
        users=exchange.provider.users[:MOST_USERS],
        action=exchange.request.prefix + SESSION,
        query=query,
    )


def render_sign_in_page(exchange: Exchange) -> Response:
    """Ask who comes next, where the last user has left."""
    exchange.reason = "the user has signed out, and is asked who comes next"
    account = account_of(exchange, exchange.request.query.decode("latin-1"))
    return render_page(exchange, "sign_in.html", status=200, account=account)

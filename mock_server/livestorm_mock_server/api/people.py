"""`GET /v1/me`: the connected user; for a private token, the workspace or its user."""

from ..exchange import Exchange
from ..rails.response import Response
from ..store.records import Organization, User
from .credentials import Caller
from .errors import render_document
from .organizations import organization_object
from .users import user_object


async def show_me(exchange: Exchange, caller: Caller) -> Response:
    """Answer with a `users` object, or with the organization for a private token."""
    user = caller.user or _user_of(exchange, caller.organization)
    if user is None:
        return render_document(exchange, {"data": organization_object(caller.organization)})
    organization = {"id": user.organization.id, "name": user.organization.name}
    document = {"data": user_object(exchange.options, user, organization=organization)}
    return render_document(exchange, document)


def _user_of(exchange: Exchange, organization: Organization) -> User | None:
    """Give who has made a private token, as far as `/v1/me` tells: the first of the workspace."""
    if exchange.options.private_token_me == "organization":
        return None
    users = exchange.provider.users
    return next((user for user in users if user.organization == organization), None)

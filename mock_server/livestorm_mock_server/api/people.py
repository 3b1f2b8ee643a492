"""`GET /v1/me`: the connected user, or the workspace of a private token."""

from ..exchange import Exchange
from ..rails.response import Response
from ..store.records import User
from .credentials import Caller
from .errors import render_document
from .organizations import organization_object


async def show_me(exchange: Exchange, caller: Caller) -> Response:
    """Answer with a `users` object, or with the organization for a private token."""
    if caller.user is None:
        return render_document(exchange, {"data": organization_object(caller.organization)})
    return render_document(exchange, {"data": _user_object(exchange, caller.user)})


def _user_object(exchange: Exchange, user: User) -> dict[str, object]:
    organization = user.organization
    attributes: dict[str, object] = {
        "role": user.role,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
        "timezone": user.timezone,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "avatar_link": user.avatar_link,
        "organization": {"id": organization.id, "name": organization.name},
    }
    if exchange.options.attribute_case == "camelCase":
        attributes = {_camel_case(name): value for name, value in attributes.items()}
    return {"id": user.uuid, "type": "users", "attributes": attributes}


def _camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)

"""`GET /v1/organization`: the workspace, or the connected user with a relationship to it."""

from collections.abc import Mapping

from ..exchange import Exchange
from ..rails.response import Response
from ..rails.text import to_s
from ..store.records import Organization, User
from .credentials import Caller
from .errors import render_document
from .users import user_object

# What clients read of a user there, and no scenario sets.
_FURTHER_ATTRIBUTES: Mapping[str, object] = {
    "locale": "en",
    "pending_invite": False,
    "website_link": None,
    "linkedin_link": None,
    "facebook_link": None,
    "twitter_handle": None,
}


async def show_organization(exchange: Exchange, caller: Caller) -> Response:
    """Answer with the workspace, or the user; `?include=organization` adds it as `included`."""
    workspace = organization_object(caller.organization)
    document: dict[str, object] = {"data": workspace}
    if caller.user is not None and exchange.options.organization_document == "user":
        document["data"] = _member_object(exchange, caller.user)
    if "organization" in to_s(exchange.request.parameters.get("include")).split(","):
        document["included"] = [workspace]
    return render_document(exchange, document)


def _member_object(exchange: Exchange, user: User) -> dict[str, object]:
    """Give the user with a relationship to the workspace."""
    linkage = {"type": "organizations", "id": user.organization.id}
    return user_object(exchange.options, user, **_FURTHER_ATTRIBUTES) | {
        "relationships": {"organization": {"data": linkage}}
    }


def organization_object(organization: Organization) -> dict[str, object]:
    """Give the JSON:API object of a workspace."""
    return {
        "id": organization.id,
        "type": "organizations",
        "attributes": {"name": organization.name, "slug": organization.slug},
    }

"""`GET /v1/organization`: the workspace."""

from ..exchange import Exchange
from ..rails.response import Response
from ..rails.text import to_s
from ..store.records import Organization
from .credentials import Caller
from .errors import render_document


async def show_organization(exchange: Exchange, caller: Caller) -> Response:
    """Answer with the workspace; `?include=organization` repeats it under `included`."""
    workspace = organization_object(caller.organization)
    document: dict[str, object] = {"data": workspace}
    if "organization" in to_s(exchange.request.parameters.get("include")).split(","):
        document["included"] = [workspace]
    return render_document(exchange, document)


def organization_object(organization: Organization) -> dict[str, object]:
    """Give the JSON:API object of a workspace."""
    return {
        "id": organization.id,
        "type": "organizations",
        "attributes": {"name": organization.name, "slug": organization.slug},
    }

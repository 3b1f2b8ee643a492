"""What the API offers: its endpoints, their scopes, and what a scenario adds to them."""

from collections.abc import Sequence

import msgspec

from ..collections.declared import Collection
from ..exchange import Exchange
from ..rails.response import Response, render
from ..routing import Route
from .collections.endpoints import collection_routes
from .credentials import Caller
from .organizations import show_organization
from .people import show_me
from .ping import ping
from .protection import Show, protect

IDENTITY = ("identity:read",)


class DeclaredResource(msgspec.Struct, frozen=True, kw_only=True):
    """A resource of a scenario: fixed content behind the real credential and limit rules."""

    path: str
    label: str
    methods: tuple[str, ...]
    scopes: tuple[str, ...]
    """Any one of them opens it; empty means any default scope."""
    status: int
    content: str
    content_type: str | None
    """None for the API's own content type."""

    async def show(self, exchange: Exchange, caller: Caller, *captured: str) -> Response:
        """Answer with the declared content."""
        del caller, captured
        content_type = self.content_type or exchange.options.api_content_type
        return render(exchange.request, self.content, content_type=content_type, status=self.status)


def api_routes(
    resources: Sequence[DeclaredResource], collections: Sequence[Collection] = ()
) -> list[Route]:
    """Give the routes of the API; what is declared comes before a built-in of its path."""
    declared = [
        Route(
            path=one.path,
            label=one.label,
            actions=dict.fromkeys(one.methods, protect(one.show, one.scopes)),
        )
        for one in resources
    ]
    declared += collection_routes(collections)
    return declared + [
        Route(path=f"/v1/{name}", label=f"api.{name}", actions={"GET": protect(show, scopes)})
        for name, show, scopes in _BUILT_IN
    ]


_BUILT_IN: tuple[tuple[str, Show, tuple[str, ...] | None], ...] = (
    ("me", show_me, IDENTITY),
    ("ping", ping, None),
    ("organization", show_organization, (*IDENTITY, "admin:read")),
)

"""What the API offers: its endpoints, their scopes, and the resources of a scenario."""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from ..doorkeeper.errors import InsufficientScope, InvalidToken
from ..exchange import Exchange
from ..rails.response import Response, render
from ..routing import Action, Route
from ..store.protocol import RequestCount
from . import credentials, rate_limits
from .credentials import Caller, InvalidPrivateToken
from .organizations import show_organization
from .people import show_me
from .ping import ping

Show = Callable[[Exchange, Caller], Awaitable[Response]]

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

    async def show(self, exchange: Exchange, caller: Caller) -> Response:
        """Answer with the declared content."""
        del caller
        content_type = self.content_type or exchange.options.api_content_type
        return render(exchange.request, self.content, content_type=content_type, status=self.status)


def api_routes(resources: Sequence[DeclaredResource]) -> list[Route]:
    """Give the routes of the API; a declared resource comes before a built-in of its path."""
    declared = [
        Route(
            path=one.path,
            label=one.label,
            actions=dict.fromkeys(one.methods, protect(one.show, one.scopes)),
        )
        for one in resources
    ]
    return declared + [
        Route(path=f"/v1/{name}", label=f"api.{name}", actions={"GET": protect(show, scopes)})
        for name, show, scopes in _BUILT_IN
    ]


_BUILT_IN: tuple[tuple[str, Show, tuple[str, ...] | None], ...] = (
    ("me", show_me, IDENTITY),
    ("ping", ping, None),
    ("organization", show_organization, (*IDENTITY, "admin:read")),
)


def protect(show: Show, scopes: tuple[str, ...] | None) -> Action:
    """Put the limits and the credential check in front of an endpoint."""

    async def answer(exchange: Exchange, *_captured: str) -> Response:
        count = await rate_limits.count_request(exchange, credentials.bucket_of)
        response = await _answer(exchange, count)
        response.headers |= rate_limits.limit_headers(exchange, count)
        return response

    async def _answer(exchange: Exchange, count: RequestCount | None) -> Response:
        if count is not None and count.exceeded is not None:
            return rate_limits.refuse(exchange, count.exceeded)
        try:
            caller = await credentials.identify_caller(exchange, scopes)
        except (InvalidToken, InsufficientScope, InvalidPrivateToken) as error:
            return credentials.refuse(exchange, error)
        return await show(exchange, caller)

    return answer

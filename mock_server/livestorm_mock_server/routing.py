"""From path and verb to the endpoint, as Rails' router does it."""

import re
from collections.abc import Awaitable, Callable, Collection, Iterable
from functools import cache
from typing import Concatenate

import msgspec

from .exchange import Exchange
from .patterns import compile_late
from .rails.errors import MethodNotAllowed, NotFound, RailsError
from .rails.request import VERBS, Request
from .rails.response import Response
from .real_hosts import misplaced

Action = Callable[Concatenate[Exchange, ...], Awaitable[Response]]


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A path and the endpoint of each verb; `{id}` in the path is passed on to the endpoint."""

    path: str
    actions: dict[str, Action]
    label: str
    """What faults, the journal and the scenarios call the endpoint."""
    kinds: Collection[str] = ()
    """The kinds of requests that have a label of their own, `token.refresh_token` for one."""
    told_by: str = ""
    """The parameter that says of which kind a request is."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The label, before it the group that it belongs to, after it those of the kinds."""
        group, _, _ = self.label.partition(".")
        return (group, self.label, *(f"{self.label}.{kind}" for kind in self.kinds))

    def label_for(self, request: Request) -> str:
        """Give the label of a request's kind; the route's own, where that is not known."""
        try:
            kind = request.parameters.get(self.told_by) if self.kinds else None
        except RailsError:
            return self.label
        if isinstance(kind, str) and kind in self.kinds:
            return _kind_of(self.label, kind)
        return self.label


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """The route of a request, its endpoint, and what the path held."""

    route: Route
    action: Action
    captured: tuple[str, ...]


class Router:
    """The routes of a provider; the first that matches path and verb wins."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = [
            (route.path.partition("{")[0], _pattern(route.path), route) for route in routes
        ]
        """With what their paths begin with, so that few patterns are needed."""
        self._plain: dict[tuple[str, str], Match] = {}
        """What was found for a path that a route has to the letter."""

    def match(self, request: Request) -> Match:
        """Find the endpoint; a suffix such as `.json` becomes the request's format.

        Raises NotFound, also for a known path with another verb, and MethodNotAllowed for a verb
        that HTTP does not know. A real host has only its own routes.
        """
        if (elsewhere := misplaced(request.host, request.path)) is not None:
            raise NotFound(elsewhere)
        if request.method not in VERBS:
            raise MethodNotAllowed(f"{request.method} is no HTTP method")
        verb = "GET" if request.method == "HEAD" else request.method
        if (known := self._plain.get((verb, request.path))) is not None:
            return known
        for begun, pattern, route in self._routes:
            found = request.path.startswith(begun) and pattern.match(request.path)
            if found and verb in route.actions:
                *captured, request.path_format = found.groups()
                match = Match(route=route, action=route.actions[verb], captured=tuple(captured))
                if request.path == route.path:
                    self._plain[verb, route.path] = match
                return match
        raise NotFound(f"there is no route for {request.method} {request.path}")


@cache
def _kind_of(label: str, kind: str) -> str:
    return f"{label}.{kind}"


@cache
def _pattern(path: str) -> re.Pattern[str]:
    segments = re.escape(path).replace(r"\{id\}", r"([^/.]+)")
    return compile_late(rf"\A{segments}(?:\.([^/.?]+))?\Z")

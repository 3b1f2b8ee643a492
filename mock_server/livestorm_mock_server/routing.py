"""From path and verb to the endpoint, as Rails' router does it."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Concatenate

from .exchange import Exchange
from .rails.errors import MethodNotAllowed, NotFound
from .rails.request import VERBS, Request
from .rails.response import Response

Action = Callable[Concatenate[Exchange, ...], Awaitable[Response]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """A path and the endpoint of each verb; `{id}` in the path is passed on to the endpoint.

    `label` is what faults and the journal call the endpoint.
    """

    path: str
    actions: dict[str, Action]
    label: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """The route of a request, its endpoint, and what the path held."""

    route: Route
    action: Action
    captured: tuple[str, ...]


class Router:
    """The routes of a provider; the first that matches path and verb wins."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = [(_pattern(route.path), route) for route in routes]

    def match(self, request: Request) -> Match:
        """Find the endpoint; a suffix such as `.json` becomes the request's format.

        Raises NotFound, also for a known path with another verb, and MethodNotAllowed for a verb
        that HTTP does not know.
        """
        if request.method not in VERBS:
            raise MethodNotAllowed(f"{request.method} is no HTTP method")
        verb = "GET" if request.method == "HEAD" else request.method
        for pattern, route in self._routes:
            found = pattern.match(request.path)
            if found and verb in route.actions:
                *captured, request.path_format = found.groups()
                return Match(route=route, action=route.actions[verb], captured=tuple(captured))
        raise NotFound(f"there is no route for {request.method} {request.path}")


@cache
def _pattern(path: str) -> re.Pattern[str]:
    segments = re.escape(path).replace(r"\{id\}", r"([^/.]+)")
    return re.compile(rf"\A{segments}(?:\.([^/.?]+))?\Z")

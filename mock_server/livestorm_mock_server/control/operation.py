"""An operation of the control API: its route, and what is told of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One method of one path below `/_mock/`."""

    method: str
    path: str
    summary: str
    """What it does, in one sentence."""
    answer: Callable[[Request], Awaitable[Response]]
    body: type[msgspec.Struct] | None = None
    """The JSON object that it takes."""
    query: type[msgspec.Struct] | None = None
    """The parameters of the query; what the text below a field says is their meaning."""
    status: int = 200
    """The status of success."""

    @property
    def route(self) -> Route:
        """The route for Starlette."""
        return Route(f"/_mock/{self.path}", self.answer, methods=[self.method])

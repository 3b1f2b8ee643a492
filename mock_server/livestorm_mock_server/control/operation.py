"""An operation of the control API: its route, and what is told of it."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import ModuleType
from typing import TypeAlias

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Answer: TypeAlias = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One method of one path below `/_mock/`."""

    method: str
    path: str
    answer: Answer
    body: type[msgspec.Struct] | None
    query: type[msgspec.Struct] | None
    status: int

    @property
    def summary(self) -> str:
        """What it does, as the docstring begins."""
        told, _, _ = inspect.cleandoc(self.answer.__doc__ or "").partition("\n\n")
        return " ".join(told.split())

    @property
    def route(self) -> Route:
        """The route for Starlette."""
        return Route(f"/_mock/{self.path}", self.answer, methods=[self.method])


def operation(
    method: str,
    path: str,
    *,
    body: type[msgspec.Struct] | None = None,
    query: type[msgspec.Struct] | None = None,
    status: int = 200,
) -> Callable[[Answer], Operation]:
    """Make an operation of the function that answers it; the docstring's beginning describes it.

    `body` is the JSON object that it takes, `query` has the parameters of the query, which mean
    what the text below a field says; `status` is that of success.
    """

    def make(answer: Answer) -> Operation:
        return Operation(
            method=method, path=path, answer=answer, body=body, query=query, status=status
        )

    return make


def operations_of(module: ModuleType) -> list[Operation]:
    """Give the operations of a module, in their order there."""
    return [one for one in vars(module).values() if isinstance(one, Operation)]

"""An operation of the control API: its route, and what is told of it."""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import ModuleType
from typing import TypeAlias
from urllib.parse import unquote_to_bytes

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..control_access import OPEN

_REFUSED_AT_THE_DOOR = {
    401: "The control API wants the token that `serve` printed.",
    403: "The request comes from a web page, or under a name that is not allowed.",
}

Answer: TypeAlias = Callable[[Request], Awaitable[Response]]


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One method of one path below `/_mock/`."""

    method: str
    path: str
    answer: Answer
    body: type[msgspec.Struct] | None
    query: type[msgspec.Struct] | None
    status: int
    pending: int | None
    missing: str | None
    answers: object
    media_type: str

    @property
    def id(self) -> str:
        """What generated clients call it."""
        first, *others = self.answer.__name__.split("_")
        return first + "".join(map(str.title, others))

    @property
    def summary(self) -> str:
        """What it does, as the docstring begins."""
        told, _, _ = inspect.cleandoc(self.answer.__doc__ or "").partition("\n\n")
        return " ".join(told.split())

    @property
    def statuses(self) -> Mapping[int, str]:
        """The statuses that it answers with, and what each means."""
        told = {self.status: "Done."}
        if self.pending is not None:
            told[self.pending] = "Begun; some of it is still to come, in virtual time."
        if self.missing is not None:
            told[404] = f"There is no such {self.missing}; `error` says which."
        if self.method != "GET":
            told[415] = "There is a body, and it is not said to be application/json."
        if self.body is not None:
            told[413] = "The body is longer than `--max-body`; the answer has none."
        told |= _REFUSED_AT_THE_DOOR
        told[503] = "The store that servers share does not answer; `error` says why."
        if f"/_mock/{self.path}" in OPEN:
            del told[401]
        return told | {422: "Refused; `error` says which key is wrong and what it takes."}


def operation(
    method: str,
    path: str,
    *,
    body: type[msgspec.Struct] | None = None,
    query: type[msgspec.Struct] | None = None,
    status: int = 200,
    pending: int | None = None,
    missing: str | None = None,
    answers: object = None,
    media_type: str = "application/json",
) -> Callable[[Answer], Operation]:
    """Make an operation of the function that answers it; the docstring's beginning describes it.

    `body` is the JSON object that it takes, `query` has the parameters of the query, which mean
    what the text below a field says; `status` is that of success, `pending` that of what is not
    over yet, `answers` the type of what is then answered, and 404 is answered where what is
    `missing` is not there.
    """

    def make(answer: Answer) -> Operation:
        return Operation(
            method=method,
            path=path,
            answer=answer,
            body=body,
            query=query,
            status=status,
            pending=pending,
            missing=missing,
            answers=answers,
            media_type=media_type,
        )

    return make


def routes_of(operations: Iterable[Operation]) -> list[Route]:
    """Give a route for each path, which knows all methods of the path."""
    by_path: dict[str, dict[str, Answer]] = {}
    for one in operations:
        by_path.setdefault(f"/_mock/{one.path}", {})[one.method] = one.answer
    return [_route(path, answers) for path, answers in by_path.items()]


def _route(path: str, answers: Mapping[str, Answer]) -> Route:
    async def answer(request: Request) -> Response:
        given = request.scope["path_params"]
        request.scope["path_params"] = {name: _decoded(value) for name, value in given.items()}
        return await answers["GET" if request.method == "HEAD" else request.method](request)

    return Route(path, answer, methods=list(answers))


def _decoded(segment: str) -> str:
    """Decode a segment of a path, whose bytes are characters; it may hold a slash then."""
    return unquote_to_bytes(segment.encode("latin-1")).decode("utf-8", "replace")


def operations_of(module: ModuleType) -> list[Operation]:
    """Give the operations of a module, in their order there."""
    return [one for one in vars(module).values() if isinstance(one, Operation)]

"""What the fake needs of uvicorn that it does not document, tried out before each start.

A release of uvicorn without it would serve, and let transport faults and refusals do nothing.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from .connection import Connection
from .limits import DEFAULT_LIMITS
from .loopback import Loopback, VisitorProtocol
from .protocol import EXTENSION
from .server_state import ServerState

# https://github.com/encode/uvicorn/blob/master/uvicorn/protocols/http/httptools_impl.py
USED: Final = (
    "_start_asgi_task",
    "_unset_keepalive_if_required",
    "on_body",
    "on_header",
    "on_headers_complete",
    "on_message_begin",
    "on_message_complete",
    "on_response_complete",
    "on_url",
)
"""What the fake calls of `HttpToolsProtocol`, much of it where it overrides it."""
HOOKS: Final = ("_start_asgi_task", "on_response_complete")
"""What the fake overrides of it, to be called by uvicorn for each request."""

_REQUEST: Final = (
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 1\r\n\r\n-"
)
_BY_HAND: Final = b"by hand"


class UnfitUvicornError(RuntimeError):
    """The installed uvicorn lacks what the fake needs of it."""

    def __init__(self, lack: str) -> None:
        super().__init__(
            f"uvicorn {uvicorn.__version__} {lack}, without which faults and refusals would"
            " silently do nothing; uvicorn 0.45.0 is the oldest that does, and where this one is"
            " newer, an older one is needed"
        )


_found_fit: tuple[object, ...] = ()
"""What uvicorn's classes had when they were found fit, in this process."""


async def check_uvicorn() -> None:
    """See that uvicorn is fit, once for a process, unless somebody has changed it since.

    Raises UnfitUvicornError, which names what is missing.
    """
    global _found_fit
    looks = tuple(dict(vars(one)) for one in (HttpToolsProtocol, RequestResponseCycle))
    if looks != _found_fit:
        await _try()
        _found_fit = looks


async def _try() -> None:
    """Answer two requests without a socket: one by uvicorn, one by hand."""
    for name in USED:
        if not hasattr(HttpToolsProtocol, name):
            raise UnfitUvicornError(f"does not have `HttpToolsProtocol.{name}`")
    called: set[str] = set()
    try:
        await _answer(_answer_by_uvicorn, called)
        taken = await _answer(_answer_by_hand, called)
    except (AttributeError, TypeError) as error:
        raise UnfitUvicornError(f"does not do as expected ({error})") from error
    for name in HOOKS:
        if name not in called:
            raise UnfitUvicornError(f"does not call `HttpToolsProtocol.{name}`")
    if taken != _BY_HAND:
        raise UnfitUvicornError("does not heed `RequestResponseCycle.disconnected`")


async def _answer(app: Callable[..., Any], called: set[str]) -> bytes:
    """Give what came of one request; `called` takes the names of the hooks."""
    protocol = _recording(HOOKS, called)
    config = uvicorn.Config(
        app, http=protocol, ws="none", lifespan="off", log_config=None, proxy_headers=False
    )
    state = ServerState(lambda refusal: None, DEFAULT_LIMITS)
    loopback = Loopback(config, state, protocol=protocol)
    _, came = await loopback.send(_REQUEST, port=None, is_secure=False, visitor=None)
    return came


def _recording(names: Iterable[str], called: set[str]) -> type[VisitorProtocol]:
    """Make a protocol that notes which of its methods are called."""

    def noting(name: str) -> Callable[..., Any]:
        def call(self: VisitorProtocol, *arguments: Any) -> Any:
            called.add(name)
            return getattr(super(recording, self), name)(*arguments)

        return call

    recording = type("_Recording", (VisitorProtocol,), {name: noting(name) for name in names})
    return recording


async def _answer_by_uvicorn(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def _answer_by_hand(scope: Any, receive: Any, send: Any) -> None:
    connection: Connection | None = scope.get(EXTENSION)
    if connection is None:
        await _answer_by_uvicorn(scope, receive, send)
        return
    connection.take_over()
    connection.write(_BY_HAND)
    # Later, so that uvicorn could still answer.
    asyncio.get_running_loop().call_soon(connection.close)

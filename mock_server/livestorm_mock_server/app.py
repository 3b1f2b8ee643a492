"""The ASGI application: the sandboxes behind their prefixes, the control API, the provider."""

import json
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, MutableMapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from . import grounds
from .answering import answer, note_refused
from .arming.reach import HEADER as FAULT_HEADER
from .connection import Connection
from .control_access import AccessRefusal, ControlAccess
from .doors import BOUND_TO, OF_LIVESTORM
from .handshaking import SandboxHandshake
from .loopback import VISITOR
from .options import ProviderOptions
from .origins import split
from .pages.paths import is_page
from .patterns import compile_late
from .protocol import EXTENSION
from .rails.recurring import RequestWith, requests_with
from .rails.request import Request
from .rails.response import Response
from .real_hosts import is_real
from .refusal import ProtocolRefusal
from .request_parser import WholeHead
from .sandbox import Sandbox
from .sandboxes import Sandboxes
from .sending import Scope, Send, finish, lines_in_one_piece, send_by_server
from .server_state import Came, Finish

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

T = TypeVar("T")

_SANDBOX = compile_late(r"\A/s/([A-Za-z0-9_\-]+)(?=/|\Z)")
CONTROL = "/_mock"
_SHORT = 100
"""Bytes of a path or of a header's value that is worth remembering."""

_KNOWN_WAYS = 32
"""Heads of which it is remembered where they lead."""
_Way = tuple[str | None, ProviderOptions | None, RequestWith | None]
_NO_WAY: _Way = (None, None, None)


class Place(NamedTuple):
    """Where a request goes."""

    sandbox_id: str | None
    """None for the default sandbox."""
    prefix: str
    """What leads to the sandbox, at the beginning of the path."""
    is_bound: bool
    """Whether the door or the host leads there, and no prefix."""


def place_of(request: Request, state: Mapping[str, Any]) -> Place:
    """Tell where a request goes: the door decides, or one of Livestorm's hosts, and else the path.

    Livestorm's hosts have no prefixes.
    """
    bound_to = state.get(BOUND_TO)
    if bound_to is not None or is_real(request.host):
        return Place(bound_to, "", is_bound=True)
    match = _SANDBOX.match(request.raw_path)
    return Place(match[1], match[0], is_bound=False) if match else Place(None, "", is_bound=False)


class App:
    """The application that serves all sandboxes of a server, without `access` no control API."""

    def __init__(self, sandboxes: Sandboxes, access: ControlAccess | None) -> None:
        self.sandboxes = sandboxes
        self._access = access
        self._ways: dict[object, _Way] = {}
        self._control: Callable[[Scope, Receive, Send], Awaitable[None]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = self.read_request(scope)
        sandbox = self._locate(request, scope["state"])
        if sandbox is None:
            await self.refuse(request, scope, send)
        elif (access := self._guard_of(request, scope["state"])) is not None:
            refusal = access.refusal(request.original_method, request.raw_path, scope["headers"])
            if refusal is None:
                await self._call_control(sandbox, request, scope, receive, send)
            else:
                await send_by_server(send, _refused(refusal))
        elif is_page(request):
            await self._call_page(sandbox, request, scope, receive, send)
        else:
            await self.call_provider(sandbox, request, scope, receive, send)

    def read_request(self, scope: Scope) -> Request:
        """Read all but the body of a request, as it came."""
        return Request(
            method=scope["method"],
            raw_path=_read_path(scope["raw_path"]) or "/",
            query=scope["query_string"],
            headers=self._read_headers(scope["headers"]),
            body=b"",
            scheme=scope["scheme"],
            http_version=scope["http_version"],
            port=scope["server"][1],
        )

    def _read_headers(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
        read = _read_headers(headers)
        if self._access is None:
            # Whoever serves no control API does not want to be steered by requests either.
            read = [one for one in read if one[0] != FAULT_HEADER]
        return read

    def answer_whole(
        self, head: WholeHead, body: bytes, connection: Connection, came: Came
    ) -> bytes | Finish | None:
        """Answer a request to the provider, unless something has to be waited for; see `protocol`.

        What is called by ASGI does the same in more steps.
        """
        sandbox, request_with = self._known_way(head, came)
        if sandbox is None or request_with is None or not sandbox.waits_for_nothing:
            return None
        visitor = came.state.get(VISITOR)
        _, response = _run(answer(sandbox, request_with(body), connection, visitor=visitor))
        lines = lines_in_one_piece(response)
        if lines is None:
            return lambda scope, receive, send: finish(response, connection, send)
        persistence = b"" if head.keeps_alive else b"connection: close\r\n"
        return b"%b%b\r\n%b" % (lines, persistence, response.body)

    def _known_way(self, head: WholeHead, came: Came) -> tuple[Sandbox | None, RequestWith | None]:
        """Give the sandbox to which a head leads, and what makes its requests.

        None for one to no sandbox, to the control API or to a page of the fake's, or with which a
        fault is asked for.
        """
        state = came.state
        key = (head, came.scheme, came.port, state.get(BOUND_TO), state.get(OF_LIVESTORM))
        sandbox_id, options, request_with = self._ways.get(key, _NO_WAY)
        sandbox = self.sandboxes.find(sandbox_id)
        if sandbox is not None and sandbox.options is options:
            return sandbox, request_with
        request = self._read_whole(head, came)
        sandbox = self._locate(request, state)
        if sandbox is None:
            return None, None
        is_provider = self._guard_of(request, state) is None and not is_page(request)
        if is_provider and request.exact_header(FAULT_HEADER) is None:
            request_with = requests_with(request.head)
        if len(self._ways) >= _KNOWN_WAYS:
            self._ways.clear()
        self._ways[key] = (sandbox.id, sandbox.options, request_with)
        return sandbox, request_with

    def _read_whole(self, head: WholeHead, came: Came) -> Request:
        return Request(
            method=head.line.method,
            raw_path=_read_path(head.line.path),
            query=head.line.query,
            headers=self._read_headers(head.fields),
            body=b"",
            scheme=came.scheme,
            port=came.port,
        )

    def note_refusal(self, refusal: ProtocolRefusal) -> None:
        """Write down what the HTTP server refused, where it would have gone if that is known.

        The control API's own requests are in no journal.
        """
        request = read_refused(refusal)
        sandbox = self._locate(request, refusal.state)
        if self._guard_of(request, refusal.state) is not None:
            return
        if sandbox is None:
            _leave_whole(request)
        closes = {"Connection": "close"}
        note_refused(
            sandbox or self.sandboxes.default,
            request,
            None if refusal.status is None else Response(status=refusal.status, headers=closes),
            ground=grounds.NOT_HTTP,
            reason=refusal.reason,
            connection=refusal.connection,
            visitor=refusal.state.get(VISITOR),
        )

    async def begin_handshake(
        self, server_name: str | None, *, port: int, bound_to: str | None, can_be_struck: bool
    ) -> SandboxHandshake:
        """Begin a TLS handshake at a door: what strikes it, and who writes down what comes of it.

        One at a door to no sandbox that there is belongs to the default one.
        """
        sandbox = self.sandboxes.find(bound_to) or self.sandboxes.default
        handshake = SandboxHandshake(sandbox, server_name=server_name, port=port)
        if can_be_struck:
            await handshake.let_strike()
        return handshake

    def _guard_of(self, request: Request, state: Mapping[str, Any]) -> ControlAccess | None:
        """Give who may use the control API, None for what does not go there.

        Livestorm's hosts have none, nor has a connection that was meant for them.
        """
        is_livestorms = is_real(request.host) or state.get(OF_LIVESTORM, False)
        is_control = f"{request.raw_path}/".startswith(f"{CONTROL}/")
        return self._access if is_control and not is_livestorms else None

    def _locate(self, request: Request, state: Mapping[str, Any]) -> Sandbox | None:
        """Find the sandbox to which a request goes, and leave it the path behind the prefix."""
        place = place_of(request, state)
        sandbox = self.sandboxes.find(place.sandbox_id)
        if place.prefix:
            request.raw_path = request.raw_path.removeprefix(place.prefix) or "/"
            request.prefix = place.prefix
        if sandbox is not None:
            request.rules = sandbox.rules
            named = sandbox.addresses.public_url
            is_meant = not place.is_bound or _is_at(request.host, named)
            request.named_url = named if is_meant else None
        return sandbox

    async def refuse(self, request: Request, scope: Scope, send: Send) -> None:
        """Answer what goes to a sandbox that there is not; the default one writes it down."""
        is_control = self._guard_of(request, scope["state"]) is not None
        response = _no_such_sandbox(request.prefix + request.raw_path, is_control=is_control)
        if not is_control:
            _leave_whole(request)
            note_refused(
                self.sandboxes.default,
                request,
                response,
                ground=grounds.NO_SANDBOX,
                connection=scope.get(EXTENSION),
                visitor=None,
            )
        await send_by_server(send, response)

    async def call_provider(
        self, sandbox: Sandbox, request: Request, scope: Scope, receive: Receive, send: Send
    ) -> None:
        body = await _read_body(receive)
        if body is None:
            return
        request.body = body
        connection: Connection | None = scope.get(EXTENSION)
        visitor = scope["state"].get(VISITOR)
        _, response = await answer(sandbox, request, connection, visitor=visitor)
        lines = None if connection is None else lines_in_one_piece(response)
        if connection is None or lines is None or not connection.answer(lines, response.body):
            await finish(response, connection, send)

    async def _call_page(
        self, sandbox: Sandbox, request: Request, scope: Scope, receive: Receive, send: Send
    ) -> None:
        from .pages.answering import answer_page
        from .pages.surroundings import Surroundings

        body = await _read_body(receive)
        if body is None:
            return
        request.body = body
        access = self._access
        surroundings = Surroundings(
            app_url=sandbox.addresses.url(request.base_url) + sandbox.prefix,
            has_control=access is not None,
            may_control=access is not None and access.trusts(scope["headers"]),
        )
        await send_by_server(send, await answer_page(sandbox, request, surroundings))

    async def _call_control(
        self, sandbox: Sandbox, request: Request, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if self._control is None:
            from .control.app import control_app

            self._control = control_app(self.sandboxes)
        path = request.raw_path
        inner = {"path": path, "raw_path": path.encode("latin-1"), "root_path": ""}
        # Behind a door to one sandbox there is nothing else; the main listener has it all.
        is_bound = scope["state"].get(BOUND_TO) is not None
        state = {"sandbox": sandbox, "base_url": None if is_bound else request.base_url}
        await self._control({**scope, **inner, "state": state}, receive, send)


def read_refused(refusal: ProtocolRefusal) -> Request:
    """Give what came of a request that the HTTP server refused."""
    target, _, query = refusal.target.partition(b"?")
    return Request(
        method=refusal.method,
        raw_path=target.decode("latin-1"),
        query=query,
        headers=_read_headers(refusal.headers),
        body=refusal.unread,
        scheme=refusal.scheme,
        port=refusal.port,
    )


def _run(answering: Coroutine[Any, Any, T]) -> T:
    """Run to its end what waits for nothing."""
    try:
        answering.send(None)
    except StopIteration as ended:
        result: T = ended.value
        return result
    answering.close()
    raise RuntimeError("an answer waits for something, which it was not to do")


def _leave_whole(request: Request) -> None:
    """Take the prefix for a part of the path, where no sandbox has it."""
    request.raw_path, request.prefix = request.prefix + request.raw_path, ""


def _is_at(host: str, url: str | None) -> bool:
    """Tell whether an origin has that host, whatever its port."""
    return url is not None and split(url).hostname == host


def _read_headers(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [
        (_read_short if len(value) <= _SHORT else _read_header)(name, value)
        for name, value in headers
    ]


def _read_header(name: bytes, value: bytes) -> tuple[str, str]:
    return name.decode("latin-1"), value.decode("latin-1")


def _read_path(path: bytes) -> str:
    return _read_short(b"", path)[1] if len(path) <= _SHORT else path.decode("latin-1")


_read_short = lru_cache(maxsize=256)(_read_header)
"""Most short ones come again: they are read once, and in the journal once."""


async def _read_body(receive: Receive) -> bytes | None:
    """Read the whole body; None where the client left before its end."""
    chunks: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


def _refused(refusal: AccessRefusal) -> Response:
    response = json_error(refusal.status, refusal.told)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def json_error(status: int, told: str) -> Response:
    """Answer as the control API does where nothing comes of a request."""
    body = json.dumps({"error": told}).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    return Response(status=status, headers=headers, body=body)


def _no_such_sandbox(path: str, *, is_control: bool) -> Response:
    told = f"there is no sandbox at {path[:80]!r}; POST /_mock/sandboxes makes one"
    if is_control:
        return json_error(404, told)
    body = f"{told}\n".encode()
    headers = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body))}
    return Response(status=404, headers=headers, body=body)

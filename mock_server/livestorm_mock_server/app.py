"""The ASGI application: the sandboxes behind their prefixes, the control API, the provider."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from functools import cache, lru_cache
from typing import Any

from . import grounds
from .answering import answer, note_refused
from .arming.reach import HEADER as FAULT_HEADER
from .connection import Connection
from .control_access import AccessRefusal, ControlAccess
from .delivery import Delivery, Silence
from .doors import BOUND_TO, OF_LIVESTORM
from .handshaking import SandboxHandshake
from .loopback import VISITOR
from .origins import split
from .pages.paths import is_page
from .protocol import EXTENSION
from .rails.request import Request
from .rails.response import Response, phrase_of
from .real_hosts import is_real
from .refusal import ProtocolRefusal
from .sandbox import Sandbox
from .sandboxes import Sandboxes

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

SANDBOX = re.compile(r"\A/s/([A-Za-z0-9_\-]+)(?=/|\Z)")
CONTROL = "/_mock"
_FRAMING = frozenset({"connection", "transfer-encoding"})
_SHORT = 100
"""Bytes of a path or of a header's value that is worth remembering."""


class App:
    """The application that serves all sandboxes of a server, without `access` no control API."""

    def __init__(self, sandboxes: Sandboxes, access: ControlAccess | None) -> None:
        self.sandboxes = sandboxes
        self._access = access
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
                await send_response(send, _refused(refusal))
        elif is_page(request):
            await self._call_page(sandbox, request, scope, receive, send)
        else:
            await self.call_provider(sandbox, request, scope, receive, send)

    def read_request(self, scope: Scope) -> Request:
        """Read all but the body of a request, as it came."""
        headers = _read_headers(scope["headers"])
        if self._access is None:
            # Whoever serves no control API does not want to be steered by requests either.
            headers = [one for one in headers if one[0] != FAULT_HEADER]
        return Request(
            method=scope["method"],
            raw_path=_read_path(scope["raw_path"]) or "/",
            query=scope["query_string"],
            headers=headers,
            body=b"",
            scheme=scope["scheme"],
            http_version=scope["http_version"],
            port=scope["server"][1],
        )

    def note_refusal(self, refusal: ProtocolRefusal) -> None:
        """Write down what the HTTP server refused, where it would have gone if that is known.

        The control API's own requests are in no journal.
        """
        target, _, query = refusal.target.partition(b"?")
        request = Request(
            method=refusal.method,
            raw_path=target.decode("latin-1"),
            query=query,
            headers=_read_headers(refusal.headers),
            body=refusal.unread,
            scheme=refusal.scheme,
            port=refusal.port,
        )
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
        """Find the sandbox to which a request goes, and leave it the path behind the prefix.

        The door decides, and Livestorm's hosts, which have no prefixes, and else the path.
        """
        bound_to, host = state.get(BOUND_TO), request.host
        is_bound = bound_to is not None or is_real(host)
        match = None if is_bound else SANDBOX.match(request.raw_path)
        sandbox = self.sandboxes.find(match[1] if match else bound_to)
        if match is not None:
            request.raw_path = request.raw_path[match.end() :] or "/"
            request.prefix = match[0]
        if sandbox is not None:
            request.rules = sandbox.rules
            named = sandbox.addresses.public_url
            request.named_url = named if not is_bound or _is_at(host, named) else None
        return sandbox

    async def refuse(self, request: Request, scope: Scope, send: Send) -> None:
        """Answer what goes to a sandbox that there is not; the default one writes it down."""
        response = _no_such_sandbox(request.prefix + request.raw_path)
        if self._guard_of(request, scope["state"]) is None:
            _leave_whole(request)
            note_refused(
                self.sandboxes.default,
                request,
                response,
                ground=grounds.NO_SANDBOX,
                connection=scope.get(EXTENSION),
                visitor=None,
            )
        await send_response(send, response)

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
        if response.delivery is not None and connection is not None:
            connection.take_over()
            await _deliver(response, response.delivery, connection)
        elif connection is None or not _answer_at_once(connection, response):
            await send_response(send, response)

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
        # What a stranger may not ask of the control API, no page tells.
        may_control = access is not None and not access.refusal("GET", CONTROL, scope["headers"])
        surroundings = Surroundings(
            app_url=sandbox.addresses.url(request.base_url) + sandbox.prefix,
            has_control=access is not None,
            may_control=may_control,
        )
        await send_response(send, await answer_page(sandbox, request, surroundings))

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


_read_short = lru_cache(maxsize=1024)(_read_header)
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


def _answer_at_once(connection: Connection, response: Response) -> bool:
    """Send an answer at once, where nothing in its head asks for more; tell whether it is sent."""
    names, values = response.header()
    form = _head_form(names)
    is_whole = response.headers.get("Content-Length", "0") == str(len(response.body))
    # Nothing printable breaks a line; what else uvicorn refuses, it has to refuse itself.
    if form is None or not is_whole or not "".join(values).isprintable():
        return False
    head = _status_line(response.status) + (form % values).encode()
    return connection.answer(head, response.body)


@lru_cache(maxsize=1_000)
def _head_form(names: tuple[str, ...]) -> str | None:
    """Give the lines of headers with these names, to put the values in.

    None where they say how the answer is framed, or whether the connection goes on.
    """
    lower = [name.lower() for name in names]
    if not _FRAMING.isdisjoint(lower):
        return None
    return "".join(f"{name.replace('%', '%%')}: %s\r\n" for name in lower)


async def send_response(send: Send, response: Response) -> None:
    headers = [(k.encode("latin-1"), v.encode("utf-8")) for k, v in response.header_lines()]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


async def _deliver(
    response: Response, delivery: Delivery | Silence, connection: Connection
) -> None:
    if isinstance(delivery, Silence):
        await delivery.end(connection)
        return
    response.headers |= delivery.headers
    await delivery.send(connection, _head(response), response.body)


def _head(response: Response) -> bytes:
    """Give the status line and the header fields, with the empty line."""
    fields = "".join(f"{name.lower()}: {value}\r\n" for name, value in response.header_lines())
    return _status_line(response.status) + f"{fields}\r\n".encode()


@cache
def _status_line(status: int) -> bytes:
    return f"HTTP/1.1 {status} {phrase_of(status)}\r\n".encode()


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


def _no_such_sandbox(path: str) -> Response:
    body = f"there is no sandbox at {path[:80]!r}; POST /_mock/sandboxes makes one\n".encode()
    headers = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body))}
    return Response(status=404, headers=headers, body=body)

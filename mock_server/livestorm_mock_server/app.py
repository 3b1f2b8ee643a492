"""The ASGI application: the sandboxes behind their prefixes, the control API, the provider."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from .answering import answer, note_refused
from .arming.reach import HEADER as FAULT_HEADER
from .connection import Connection
from .control_access import AccessRefusal, ControlAccess
from .delivery import Delivery, Silence
from .loopback import VISITOR
from .options import ProviderOptions
from .protocol import EXTENSION
from .rails.negotiation import NegotiationRules
from .rails.request import Request
from .rails.response import Response, phrase_of
from .refusal import ProtocolRefusal
from .sandbox import Sandbox
from .sandboxes import Sandboxes

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_SANDBOX = re.compile(r"\A/s/([A-Za-z0-9_\-]+)(?=/|\Z)")
_CONTROL = "/_mock"


class App:
    """The application that serves all sandboxes of a server, without `access` no control API."""

    def __init__(self, sandboxes: Sandboxes, access: ControlAccess | None) -> None:
        self.sandboxes = sandboxes
        self._access = access
        self._control: Callable[[Scope, Receive, Send], Awaitable[None]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        sandbox, path = self._locate(scope["raw_path"].decode("latin-1") or "/")
        if sandbox is None:
            await self._refuse(path, scope, send)
        elif (access := self._guard_of(path)) is not None:
            refusal = access.refusal(scope["method"], path, scope["headers"])
            if refusal is None:
                await self._call_control(sandbox, path, scope, receive, send)
            else:
                await _send(send, _refused(refusal))
        else:
            await self._call_provider(sandbox, path, scope, receive, send)

    def note_refusal(self, refusal: ProtocolRefusal) -> None:
        """Write down what the HTTP server refused, where it would have gone if that is known.

        The control API's own requests are in no journal.
        """
        target, _, query = refusal.target.partition(b"?")
        whole_path = target.decode("latin-1")
        sandbox, path = self._locate(whole_path)
        if self._guard_of(path) is not None:
            return
        noted_in = sandbox or self.sandboxes.default
        closes = {"Connection": "close"}
        request = Request(
            method=refusal.method,
            raw_path=whole_path if sandbox is None else path,
            query=query,
            headers=_read_headers(refusal.headers),
            body=refusal.unread,
            prefix=noted_in.prefix,
            port=refusal.port,
            named_url=noted_in.addresses.public_url,
        )
        note_refused(
            noted_in,
            request,
            None if refusal.status is None else Response(status=refusal.status, headers=closes),
            reason=refusal.reason,
            connection=refusal.connection,
            visitor=refusal.state.get(VISITOR),
        )

    def _guard_of(self, path: str) -> ControlAccess | None:
        """Give who may use what a path of the control API leads to, None for all other paths."""
        return self._access if f"{path}/".startswith(f"{_CONTROL}/") else None

    def _locate(self, path: str) -> tuple[Sandbox | None, str]:
        """Give the sandbox that a path leads to, and the rest of the path behind its prefix."""
        match = _SANDBOX.match(path)
        sandbox = self.sandboxes.find(match[1] if match else None)
        return sandbox, path[match.end() :] or "/" if match else path

    async def _refuse(self, path: str, scope: Scope, send: Send) -> None:
        """Answer what goes to a sandbox that there is not; the default one writes it down."""
        default = self.sandboxes.default
        request = _read_request(default, scope["raw_path"].decode("latin-1"), scope, b"")
        response = _no_such_sandbox(request.raw_path)
        if self._guard_of(path) is None:
            note_refused(
                default,
                request,
                response,
                reason="there is no such sandbox",
                connection=scope.get(EXTENSION),
                visitor=None,
            )
        await _send(send, response)

    async def _call_provider(
        self, sandbox: Sandbox, path: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        body = await _read_body(receive)
        if body is None:
            return
        request = _read_request(sandbox, path, scope, body)
        if self._access is None:
            # Whoever serves no control API does not want to be steered by requests either.
            request.headers = [one for one in request.headers if one[0] != FAULT_HEADER]
        connection: Connection | None = scope.get(EXTENSION)
        visitor = scope["state"].get(VISITOR)
        _, response = await answer(sandbox, request, connection, visitor=visitor)
        if response.delivery is None or connection is None:
            await _send(send, response)
        else:
            connection.take_over()
            await _deliver(response, response.delivery, connection)

    async def _call_control(
        self, sandbox: Sandbox, path: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if self._control is None:
            from .control.app import control_app

            self._control = control_app(self.sandboxes)
        inner = {"path": path, "raw_path": path.encode("latin-1"), "root_path": ""}
        request = _read_request(sandbox, path, scope, b"")
        state = {"sandbox": sandbox, "base_url": request.base_url}
        await self._control({**scope, **inner, "state": state}, receive, send)


def _read_request(sandbox: Sandbox, path: str, scope: Scope, body: bytes) -> Request:
    return Request(
        method=scope["method"],
        raw_path=path,
        query=scope["query_string"],
        headers=_read_headers(scope["headers"]),
        body=body,
        scheme=scope["scheme"],
        prefix=sandbox.prefix,
        http_version=scope["http_version"],
        port=scope["server"][1],
        named_url=sandbox.addresses.public_url,
        rules=_rules(sandbox.options),
    )


def _rules(options: ProviderOptions) -> NegotiationRules:
    return NegotiationRules(
        ignores_accept=options.ignore_accept_header,
        vary_names_all=options.vary == "negotiation",
    )


def _read_headers(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


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


async def _send(send: Send, response: Response) -> None:
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
    return f"HTTP/1.1 {response.status} {phrase_of(response.status)}\r\n{fields}\r\n".encode()


def _refused(refusal: AccessRefusal) -> Response:
    body = json.dumps({"error": refusal.told}).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(status=refusal.status, headers=headers, body=body)


def _no_such_sandbox(path: str) -> Response:
    body = f"there is no sandbox at {path[:80]!r}; POST /_mock/sandboxes makes one\n".encode()
    headers = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body))}
    return Response(status=404, headers=headers, body=body)

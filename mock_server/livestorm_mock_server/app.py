"""The ASGI application: the sandboxes behind their prefixes, the control API, the provider."""

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from .answering import answer
from .connection import Connection
from .control_access import ControlAccess, Refusal
from .delivery import Delivery, Silence
from .protocol import EXTENSION
from .rails.request import Request
from .rails.response import Response, phrase_of
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
        path = scope["raw_path"].decode("latin-1") or "/"
        match = _SANDBOX.match(path)
        sandbox = self.sandboxes.find(match[1] if match else None)
        if sandbox is None:
            await _send(send, _no_such_sandbox(path))
            return
        path = path.removeprefix(sandbox.prefix) or "/"
        if self._access is not None and (path == _CONTROL or path.startswith(f"{_CONTROL}/")):
            refusal = self._access.refusal(scope["method"], path, scope["headers"])
            if refusal is not None:
                await _send(send, _refused(refusal))
                return
            await self._call_control(sandbox, path, scope, receive, send)
            return
        await self._call_provider(sandbox, path, scope, receive, send)

    async def _call_provider(
        self, sandbox: Sandbox, path: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        body = await _read_body(receive)
        if body is None:
            return
        request = _request(sandbox, path, scope, body)
        connection: Connection | None = scope.get(EXTENSION)
        _, response = await answer(sandbox, request, connection)
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
        request = _request(sandbox, path, scope, b"")
        is_addressed = request.header("host") or request.header("x-forwarded-host")
        state = {"sandbox": sandbox, "base_url": request.base_url if is_addressed else None}
        await self._control({**scope, **inner, "state": state}, receive, send)


def _request(sandbox: Sandbox, path: str, scope: Scope, body: bytes) -> Request:
    return Request(
        method=scope["method"],
        raw_path=path,
        query=scope["query_string"],
        headers=[(k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"]],
        body=body,
        scheme=scope["scheme"],
        prefix=sandbox.prefix,
        http_version=scope["http_version"],
        port=scope["server"][1],
        named_url=sandbox.addresses.public_url,
    )


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


def _refused(refusal: Refusal) -> Response:
    body = json.dumps({"error": refusal.told}).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(status=refusal.status, headers=headers, body=body)


def _no_such_sandbox(path: str) -> Response:
    body = f"there is no sandbox at {path[:80]!r}; POST /_mock/sandboxes makes one\n".encode()
    headers = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body))}
    return Response(status=404, headers=headers, body=body)

"""The proxy: Livestorm's two hosts lead to the fake, others nowhere, or to where they are."""

import asyncio
import logging
import socket
from typing import Final

from ..admission import Admission
from ..doors import Outcome, Proxying, ProxyRequest
from ..limits import LINGER, Limits
from ..real_hosts import is_livestorms, is_real
from ..refusal import MOST_KEPT, ProtocolRefusal
from ..server_state import ServerState
from .head import NotForProxyError, ProxyHead, parse, read_head
from .tunnel import connect, join

_ESTABLISHED: Final = b"HTTP/1.1 200 Connection Established\r\n\r\n"
_PHRASES: Final = {
    400: "Bad Request",
    403: "Forbidden",
    408: "Request Timeout",
    502: "Bad Gateway",
}
_PORTS: Final = (80, 443)
"""Those at which Livestorm's hosts listen."""

log = logging.getLogger("livestorm_mock_server.exchanges")


class Proxy:
    """A proxy at a door; `admission` is that of the door, behind which is the fake."""

    def __init__(self, proxying: Proxying, admission: Admission, server_state: ServerState) -> None:
        self._proxying, self._admission = proxying, admission
        self._server_state = server_state
        self._limits: Limits = server_state.limits

    async def admit(self, client: socket.socket) -> None:
        """Do what a client asks for; its connection is for one request, or for one tunnel."""
        port = client.getsockname()[1]
        head = b""
        try:
            async with asyncio.timeout(self._limits.seconds):
                head = await read_head(client)
            if not head.endswith(b"\r\n\r\n"):
                client.close()
                return
            asked = parse(head)
        except TimeoutError:
            await _answer(client, 408, "the request was not whole in time")
        except NotForProxyError as error:
            self._note(None, head, port, 400, str(error))
            await _answer(client, 400, str(error))
        else:
            await self._do(client, asked, port)

    async def _do(self, client: socket.socket, asked: ProxyHead, port: int) -> None:
        refusal = self._refusal(asked)
        if refusal is not None:
            self._tell(client, asked, "refused")
            self._note(asked, b"", port, 403, refusal)
            await _answer(client, 403, refusal)
        elif is_real(asked.host):
            self._tell(client, asked, "served")
            await self._serve(client, asked)
        else:
            await self._pass(client, asked)

    def _refusal(self, asked: ProxyHead) -> str | None:
        """Say why a request is refused, None where it is not."""
        place = f"{asked.host}:{asked.port}"
        if is_real(asked.host):
            wanted = asked.port in _PORTS
            return None if wanted else f"{place} is refused: Livestorm's hosts are at 443 and 80"
        if is_livestorms(asked.host):
            return f"{place} is refused: the fake is app.livestorm.co and api.livestorm.co only"
        if not self._proxying.passes_others:
            return f"{place} is refused: only Livestorm's hosts are served (--proxy-others pass)"
        return None

    async def _serve(self, client: socket.socket, asked: ProxyHead) -> None:
        """Have the client speak with the fake, which takes its connection."""
        if asked.scheme is None:
            await asyncio.get_running_loop().sock_sendall(client, _ESTABLISHED)
            await self._admission.admit(client, of_livestorm=True)
        else:
            await self._admission.forward(client, asked.scheme, asked.forwarded)

    async def _pass(self, client: socket.socket, asked: ProxyHead) -> None:
        try:
            upstream = await connect(asked.host, asked.port, tls=asked.scheme == "https")
        except OSError as error:
            self._tell(client, asked, "failed")
            reason = str(error) or "it took too long"
            await _answer(client, 502, f"{asked.host}:{asked.port} can't be reached: {reason}")
            return
        try:
            self._tell(client, asked, "passed")
            if asked.scheme is None:
                await asyncio.get_running_loop().sock_sendall(client, _ESTABLISHED)
            else:
                upstream[1].write(asked.forwarded)
            await join(client, upstream)
        finally:
            upstream[1].transport.abort()  # The client may have left before there is a tunnel.

    def _tell(self, client: socket.socket, asked: ProxyHead, outcome: Outcome) -> None:
        if self._proxying.tell is not None:
            self._proxying.tell(
                ProxyRequest(
                    peer=client.getpeername()[:2],
                    door=client.getsockname()[:2],
                    method=asked.method,
                    host=asked.host,
                    port=asked.port,
                    outcome=outcome,
                )
            )

    def _note(
        self, asked: ProxyHead | None, unread: bytes, port: int, status: int, reason: str
    ) -> None:
        """Write down what was refused; `unread` is what could not be read."""
        log.warning("the proxy refused a request: %s", reason)
        fields = () if asked is None else asked.fields
        self._server_state.note_refusal(
            ProtocolRefusal(
                method="" if asked is None else asked.method,
                target=b"" if asked is None else asked.target[:MOST_KEPT],
                headers=[(name.lower(), value) for name, value in fields],
                unread=unread[:MOST_KEPT],
                status=status,
                reason=reason,
                connection=None,
                scheme="https" if asked is not None and asked.wants_tls else "http",
                port=port,
                state=self._admission.state,
            )
        )


async def _answer(client: socket.socket, status: int, told: str) -> None:
    """Answer by the proxy's own; the client may go on sending for a while, so that it reads it."""
    loop = asyncio.get_running_loop()
    body = f"livestorm-mock: {told}\n".encode()
    fields = f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}"
    head = f"HTTP/1.1 {status} {_PHRASES[status]}\r\n{fields}\r\nConnection: close\r\n\r\n"
    try:
        async with asyncio.timeout(LINGER):
            await loop.sock_sendall(client, head.encode() + body)
            client.shutdown(socket.SHUT_WR)
            while await loop.sock_recv(client, 65536):
                pass
    except (OSError, TimeoutError):
        pass
    finally:
        client.close()

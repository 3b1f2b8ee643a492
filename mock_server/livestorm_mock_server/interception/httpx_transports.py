"""Transports of httpx that bring requests for Livestorm's hosts to a sandbox, over TLS."""

import ssl
from collections.abc import Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

import httpx

from ..real_hosts import SERVES, is_livestorms
from .connect_shim import PORTS

T = TypeVar("T", httpx.BaseTransport, httpx.AsyncBaseTransport)

_DEFAULT_PORTS = {"http": 80, "https": 443}


class _Ways(Generic[T]):
    """Where requests go: a transport for each of the two hosts, and one for all others.

    As to Livestorm, a connection is made for one host only.
    """

    def __init__(self, address: tuple[str, int], others: T, make: Callable[[], T]) -> None:
        self._host, self._port = address
        self._others: T = others
        self._led: dict[str, T] = {name: make() for name in SERVES}
        self.all: list[T] = list(self._led.values())
        self.all.append(others)

    def way_of(self, request: httpx.Request) -> tuple[T, httpx.Request]:
        """Give the transport of a request, and what to send by it.

        Raises httpx.ConnectError for other names below livestorm.co, and for other ports.
        """
        name = request.url.host.removesuffix(".")
        if not is_livestorms(name):
            return self._others, request
        port = request.url.port or _DEFAULT_PORTS.get(request.url.scheme)
        if name not in self._led or port not in PORTS:
            raise httpx.ConnectError(f"{name}:{port} is not faked, and nothing may reach it")
        led = httpx.Request(
            request.method,
            request.url.copy_with(host=self._host, port=self._port),
            headers=request.headers,
            stream=request.stream,
            # What the client asks for by name, and holds the certificate against.
            extensions={**request.extensions, "sni_hostname": name},
        )
        return self._led[name], led


class Transport(httpx.BaseTransport):
    """For `httpx.Client(transport=...)`."""

    def __init__(
        self, address: tuple[str, int], trust: ssl.SSLContext, others: httpx.BaseTransport | None
    ) -> None:
        self._ways = _Ways[httpx.BaseTransport](
            address, others or httpx.HTTPTransport(), lambda: httpx.HTTPTransport(verify=trust)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and give its response. Raises httpx.TransportError."""
        transport, sent = self._ways.way_of(request)
        return transport.handle_request(sent)

    def __enter__(self) -> Self:
        for one in self._ways.all:
            one.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        for one in self._ways.all:
            one.__exit__(kind, error, trace)

    def close(self) -> None:
        """Close all connections, and the transport for other hosts."""
        for one in self._ways.all:
            one.close()


class AsyncTransport(httpx.AsyncBaseTransport):
    """For `httpx.AsyncClient(transport=...)`."""

    def __init__(
        self,
        address: tuple[str, int],
        trust: ssl.SSLContext,
        others: httpx.AsyncBaseTransport | None,
    ) -> None:
        self._ways = _Ways[httpx.AsyncBaseTransport](
            address,
            others or httpx.AsyncHTTPTransport(),
            lambda: httpx.AsyncHTTPTransport(verify=trust),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and give its response. Raises httpx.TransportError."""
        transport, sent = self._ways.way_of(request)
        return await transport.handle_async_request(sent)

    async def __aenter__(self) -> Self:
        for one in self._ways.all:
            await one.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        for one in self._ways.all:
            await one.__aexit__(kind, error, trace)

    async def aclose(self) -> None:
        """Close all connections, and the transport for other hosts."""
        for one in self._ways.all:
            await one.aclose()

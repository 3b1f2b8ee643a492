"""One request on the network."""

import asyncio
import os
from collections.abc import Callable
from contextlib import aclosing
from functools import lru_cache
from ssl import SSLContext
from typing import Final, TypeAlias

import httpx

from .answer import LARGEST_BODY
from .errors import TransportError

Transport: TypeAlias = Callable[[], httpx.AsyncBaseTransport]

TRUST: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""The variables that say whom to trust; they may change, as in a test that leads to a fake."""


def load_certificates() -> SSLContext:
    """Load whom the environment says to trust, once, as that takes 40 ms; else the usual ones."""
    return _loaded(*(os.environ.get(name) for name in TRUST))


@lru_cache(maxsize=8)
def _loaded(*trusted: str | None) -> SSLContext:
    del trusted  # httpx reads the variables itself
    return httpx.create_ssl_context()


def make_transport() -> httpx.AsyncBaseTransport:
    """Make httpx's own transport, without its client, which would read and follow redirects."""
    return httpx.AsyncHTTPTransport(verify=load_certificates())


async def send(
    make: Transport, request: httpx.Request, timeout: float
) -> tuple[int, httpx.Headers, bytes]:
    """Send once, on a connection of its own; give status, headers and body.

    An idle connection may be closed by the server just then, and a POST be lost. `timeout`, in
    seconds, bounds each step and the whole. Raises TransportError when no complete answer comes.
    """
    request.extensions["timeout"] = httpx.Timeout(timeout).as_dict()
    body = bytearray()
    try:
        async with asyncio.timeout(timeout), make() as transport:
            response = await transport.handle_async_request(request)
            status = response.status_code
            async with aclosing(response):
                # Of a redirect, 429 or 5xx a cut body must not hide the `Retry-After`.
                if status < 300 or (400 <= status < 500 and status != 429):
                    async for chunk in response.aiter_raw():
                        body += chunk
                        if len(body) > LARGEST_BODY:
                            break
            return status, response.headers, bytes(body)
    except (httpx.HTTPError, OSError) as error:
        # Not chained: what httpx raises holds the request, and so a token.
        failure = TransportError(f"no complete answer: {type(error).__name__}")
    raise failure

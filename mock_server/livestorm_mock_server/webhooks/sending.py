"""One attempt on the wire: a request to an address that was checked, and what comes back."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Final, cast

import msgspec

from ..rails.request import Request
from ..rails.response import Response
from .hosts import RefusedDeliveryError, Target

if TYPE_CHECKING:
    import httpx

Find = Callable[[Target], Awaitable[Sequence[str]]]

MOST_READ: Final = 65_536
"""Bytes of an answer's body that are read."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an attempt: an answer, also one that was not read to its end, or none."""

    response: Response | None = None
    failure: str | None = None
    """Why there is no whole answer, in words."""
    remark: str | None = None
    """What is odd about the answer, and no failure."""
    is_refused: bool = False
    """Whether nothing was sent, as nothing may be sent there."""


class _Reading:
    """How far an attempt came, so that it can be told when its time is over."""

    def __init__(self) -> None:
        self.stage = "the host is not found"
        self.response: Response | None = None

    async def note(self, event: str, info: object) -> None:
        """Take note of a step of httpcore's."""
        del info
        if event.endswith("send_request_headers.started"):
            self.stage = "nothing was answered"


async def send(request: Request, target: Target, find: Find, seconds: float) -> Outcome:
    """Send a request, over a connection of its own, to the first address that takes it.

    `find` gives the addresses, or raises what `WebhookHosts.find` does. It is over after so many
    seconds of real time. No redirect is followed and no proxy is asked.
    """
    transport = await asyncio.to_thread(_make_transport, is_secure=target.scheme == "https")
    import httpx

    reading = _Reading()
    try:
        async with asyncio.timeout(seconds), transport:
            addresses = await find(target)
            reading.stage = "no connection was made"
            answer = await _ask_first(transport, request, target, addresses, reading)
            return await _read(answer, reading)
    except RefusedDeliveryError as error:
        return Outcome(failure=str(error), is_refused=True)
    except TimeoutError:
        failure = f"{reading.stage} within {seconds:g} s"
    except (httpx.TransportError, OSError) as error:
        failure = f"{reading.stage}: {_words(error)}"
    return Outcome(response=reading.response, failure=failure)


def _make_transport(*, is_secure: bool) -> "httpx.AsyncHTTPTransport":
    """Load what sends, which takes its time once; it trusts whom Python trusts."""
    import httpx

    return httpx.AsyncHTTPTransport(verify=ssl.create_default_context() if is_secure else False)


async def _ask_first(
    transport: "httpx.AsyncHTTPTransport",
    request: Request,
    target: Target,
    addresses: Sequence[str],
    reading: _Reading,
) -> "httpx.Response":
    """Ask at the first address that takes the connection, as a server may have one of several."""
    import httpx

    failed: httpx.ConnectError | None = None
    for address in addresses:
        sent = httpx.Request(
            request.original_method,
            target.at(address),
            headers=[(name.encode(), value.encode("latin-1")) for name, value in request.headers],
            content=request.body,
            extensions={"sni_hostname": target.host, "trace": reading.note},
        )
        try:
            return await transport.handle_async_request(sent)
        except httpx.ConnectError as error:
            failed = failed or error
    assert failed is not None  # there is an address
    raise failed


async def _read(answer: "httpx.Response", reading: _Reading) -> Outcome:
    """Read an answer as it comes, compressed or not, up to the limit."""
    raw = answer.headers.raw
    fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in raw]
    reading.response = response = Response(status=answer.status_code, fields=fields)
    reading.stage = "the answer did not end"
    parts = cast("AsyncGenerator[bytes]", answer.aiter_raw())  # httpx calls it an iterator.
    async with aclosing(parts) as coming:
        async for part in coming:
            response.body += part[: MOST_READ - len(response.body)]
            if len(response.body) == MOST_READ:
                remark = f"no more than {MOST_READ} bytes of the answer were read"
                return Outcome(response=response, remark=remark)
    return Outcome(response=response)


def _words(error: BaseException) -> str:
    """Say what went wrong: what the system says, where it does, as what is around it is vague."""
    told, within = str(error) or type(error).__name__, error.__cause__ or error.__context__
    while within is not None:
        if isinstance(within, OSError) and within.strerror:
            told = within.strerror
        within = within.__cause__ or within.__context__
    return told

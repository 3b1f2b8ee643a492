"""A connection that the client has ended already."""

import asyncio
from collections.abc import Callable
from typing import cast

import pytest
from livestorm_mock_server.connection import Connection, FlowControl
from livestorm_mock_server.server import new_event_loop


class Served(asyncio.Protocol):
    """Keeps what was accepted."""

    def __init__(self) -> None:
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Tell that it is over."""
        self.lost.set_result(None)

    async def drain(self) -> None:
        """Hold nothing back."""


async def reset_after_the_client_left() -> None:
    """Accept a connection, see its end, and reset it."""
    loop, accepted = asyncio.get_running_loop(), asyncio.Queue[Served]()

    def accept() -> Served:
        served = Served()
        accepted.put_nowait(served)
        return served

    server = await loop.create_server(accept, "127.0.0.1", 0)
    _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    served = await accepted.get()
    writer.close()
    await served.lost
    flow: FlowControl = served
    Connection(1, served.transport, flow).reset()
    server.close()


@pytest.mark.parametrize(
    "new_loop", [asyncio.new_event_loop, new_event_loop], ids=["asyncio", "own"]
)
def test_connection_that_is_gone_can_be_reset(
    new_loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    """There is nothing left to do."""
    loop = new_loop()
    try:
        loop.run_until_complete(reset_after_the_client_left())
    finally:
        loop.close()

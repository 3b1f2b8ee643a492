"""A server in front of the fake: it ends TLS, or listens on another address."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from .ports import listen_alone

_CHUNK = 65536


@dataclass
class Front:
    """Where it listens, and what got through."""

    host: str
    port: int
    connections: int = 0
    """How many connections reached HTTP: with TLS, those whose handshake was finished."""
    received: int = 0
    """Bytes that clients sent, without those of TLS."""

    @property
    def authority(self) -> str:
        """Host and port as a URL has them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@contextmanager
def open_front(
    target_port: int, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[Front]:
    """Listen on a free port of `host`, and nobody there by another name; forward to 127.0.0.1.

    Raises OSError where the machine has no such address.
    """
    with listen_alone(host) as listener:
        front = Front(host, listener.getsockname()[1])
        started: Future[asyncio.Event] = Future()
        loop = asyncio.new_event_loop()
        serving = _serve(front, listener, target_port, tls, started)
        thread = threading.Thread(target=lambda: loop.run_until_complete(serving), daemon=True)
        thread.start()
        try:
            stop = started.result()
            try:
                yield front
            finally:
                loop.call_soon_threadsafe(stop.set)
        finally:
            thread.join()
            loop.close()


async def _serve(
    front: Front,
    listener: socket.socket,
    target_port: int,
    tls: ssl.SSLContext | None,
    started: "Future[asyncio.Event]",
) -> None:
    stop = asyncio.Event()
    under_way: set[asyncio.Task[None]] = set()

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        under_way.add(task)
        await _forward(front, target_port, reader, writer, stop)
        under_way.discard(task)

    server = await asyncio.start_server(forward, sock=listener, ssl=tls)
    started.set_result(stop)
    await stop.wait()
    server.close()
    await asyncio.gather(*under_way, return_exceptions=True)


async def _forward(
    front: Front,
    port: int,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    stop: asyncio.Event,
) -> None:
    front.connections += 1
    fake_reader, fake_writer = await asyncio.open_connection("127.0.0.1", port)

    async def forward_requests() -> None:
        with suppress(OSError):
            while data := await reader.read(_CHUNK):
                front.received += len(data)
                fake_writer.write(data)
                await fake_writer.drain()

    # Nothing is cancelled while it opens a connection, which would then be nobody's.
    tasks = [
        asyncio.create_task(work)
        for work in (forward_requests(), _pump(fake_reader, writer), _until(stop))
    ]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for one in (writer, fake_writer):
        one.transport.abort()
    ends = [one.wait_closed() for one in (writer, fake_writer)]
    await asyncio.gather(*ends, return_exceptions=True)


async def _until(stop: asyncio.Event) -> None:
    await stop.wait()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
        writer.close()
        await writer.wait_closed()

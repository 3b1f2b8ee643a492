"""The resolver inside, which knows the fake and nothing else; what it is asked for is noted."""

import asyncio
import socket
from collections.abc import Callable, Mapping

from ..dns import Question, answer, over_tcp, read_question

Tell = Callable[[Question, str, int], None]
"""Is told a question whose answer is that there is no such name, `udp` or `tcp`, and the port."""

_SECONDS = 5.0


class Resolver:
    """Answers from the moment it is made, on the running loop, until `close`."""

    def __init__(
        self,
        datagrams: socket.socket,
        connections: socket.socket,
        names: Mapping[str, str],
        tell: Tell,
    ) -> None:
        self._datagrams, self._names, self._tell = datagrams, names, tell
        self._loop = asyncio.get_running_loop()
        datagrams.setblocking(False)
        self._loop.add_reader(datagrams, self.look)
        self._serving = self._loop.create_task(asyncio.start_server(self._serve, sock=connections))

    def look(self) -> None:
        """Answer what has come."""
        while True:
            try:
                message, client = self._datagrams.recvfrom(4096)
            except OSError:
                return
            if (reply := self._reply(message, "udp", client[1])) is not None:
                try:
                    self._datagrams.sendto(reply, client)
                except OSError:
                    continue

    def close(self) -> None:
        """Answer no more."""
        self._loop.remove_reader(self._datagrams)
        self._datagrams.close()
        if self._serving.done() and not self._serving.cancelled():
            self._serving.result().close()
        self._serving.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = writer.get_extra_info("peername")[1]
        try:
            async with asyncio.timeout(_SECONDS):
                length = int.from_bytes(await reader.readexactly(2), "big")
                reply = self._reply(await reader.readexactly(length), "tcp", port)
                if reply is not None:
                    writer.write(over_tcp(reply))
                    await writer.drain()
        except (OSError, EOFError, TimeoutError):
            pass  # The client has left.
        finally:
            writer.close()

    def _reply(self, message: bytes, protocol: str, port: int) -> bytes | None:
        question = read_question(message)
        if question is None:
            return None
        address = self._names.get(question.name.lower())
        if address is None:
            self._tell(question, protocol, port)
        return answer(question, address)

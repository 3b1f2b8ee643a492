"""Many exchanges of one code at the same time, over several workers: one gets the tokens.

python -m tests.mock_server.workers.race [ROUNDS]
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from ...mock_server.served import Served

WORKERS = 4
CLIENTS = 500
_LONGEST_ROUND = 60.0


class Client:
    """A connection that stays."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def connect(cls, port: int) -> "Client":
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def post(self, body: str) -> int:
        """Send a token request; give the status of the answer."""
        lines = (
            "POST /oauth/token HTTP/1.1",
            "Host: 127.0.0.1",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        )
        self._writer.write("\r\n".join((*lines, "", body)).encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
        await self._reader.readexactly(int(fields[b"content-length"]))
        return int(head.split(b" ", 2)[1])

    def close(self) -> None:
        """End the connection."""
        self._writer.close()


class Race:
    """Clients that are connected to the workers, and what they exchange."""

    def __init__(self, described: dict[str, object], clients: Sequence[Client]) -> None:
        self._control = str(described["control_url"])
        self._credentials = {name: described[name] for name in ("client_id", "client_secret")}
        self._clients = clients

    async def run(self, http: httpx.AsyncClient) -> Counter[int]:
        """Have all exchange a new code; count the answers by status."""
        answer = await http.post(f"{self._control}/authorize", json={})
        location = urlsplit(answer.json()["location"])
        asked = {
            "grant_type": "authorization_code",
            "code": parse_qs(location.query)["code"][0],
            "redirect_uri": location._replace(query="").geturl(),
            **self._credentials,
        }
        body = urlencode(asked)
        async with asyncio.timeout(_LONGEST_ROUND):
            return Counter(await asyncio.gather(*(one.post(body) for one in self._clients)))


def serve(store_url: str, *, seconds: float | None) -> Served:
    """Start the workers on a store; they end after so many seconds at the latest."""
    url = f"{store_url}?prefix=race&patience=30"
    options = ("--json", "--quiet", "--store", url, "--workers", str(WORKERS))
    return Served(*options, seconds=seconds)


async def race(
    described: dict[str, object], rounds: int, tell: Callable[[int], object]
) -> list[Counter[int]]:
    """Play so many rounds against a server; give what each has counted.

    `tell` is called with the number of those that are done.
    """
    port = urlsplit(str(described["app_url"])).port or 0
    clients = [await Client.connect(port) for _ in range(CLIENTS)]
    counted = []
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=_LONGEST_ROUND) as http:
            for number in range(rounds):
                counted.append(await Race(described, clients).run(http))
                tell(number + 1)
    finally:
        for client in clients:
            client.close()
    return counted

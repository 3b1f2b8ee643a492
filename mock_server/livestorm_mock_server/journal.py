"""The journal of a sandbox: every exchange, the newest ten thousand."""

import asyncio
import base64
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from .exchange import Exchange
from .faults.armed import Strike
from .rails.errors import RailsError
from .rails.response import Response, finite

CAPACITY = 10_000


@dataclass(kw_only=True, slots=True)
class Entry:
    """One exchange; `wall` and `answered_at` are real time, the exchange's `now` is virtual."""

    exchange: Exchange
    wall: float
    strike: Strike | None = None
    """The fault that struck."""
    response: Response | None = None
    """What was sent; None until then, and for ever where nothing was."""
    answered_at: float | None = None

    @property
    def seq(self) -> int:
        """The number of the exchange, in order of arrival."""
        return self.exchange.number

    def as_json(self) -> dict[str, object]:
        """Give the shape of `GET /_mock/journal`."""
        exchange = self.exchange
        return {
            "seq": self.seq,
            "endpoint": exchange.endpoint,
            "client_id": exchange.client_id,
            "request": _request(exchange),
            "response": None if self.response is None else _response(self.response),
            "fault": None if self.strike is None else _fault(self.strike),
            "reason": exchange.reason,
            "tokens": exchange.token_ids,
            "connection": exchange.connection and exchange.connection.number,
            "at": exchange.now,
            "wall": self.wall,
            "answered_at": self.answered_at,
        }


class Journal:
    """A bounded ring of exchanges; the oldest make room."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._entries: deque[Entry] = deque(maxlen=capacity)
        self._last_seq = 0
        self._answered = asyncio.Event()

    def open(self, exchange: Exchange, wall: float) -> Entry:
        """Write down a request as it arrives, and number it."""
        self._last_seq += 1
        exchange.number = self._last_seq
        entry = Entry(exchange=exchange, wall=wall)
        self._entries.append(entry)
        return entry

    def close(self, entry: Entry, response: Response, wall: float) -> None:
        """Add the answer to a request."""
        entry.response = None if entry.exchange.sends_nothing else response
        entry.answered_at = wall
        self._answered.set()
        self._answered = asyncio.Event()

    async def wait(
        self,
        seconds: float,
        *,
        endpoint: str | None = None,
        client_id: str | None = None,
        since: int = 0,
    ) -> list[Entry]:
        """Give the answered exchanges as `entries` does, waiting in real time for the first."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    answered = self._answered
                    found = self.entries(endpoint=endpoint, client_id=client_id, since=since)
                    if found := [entry for entry in found if entry.answered_at is not None]:
                        return found
                    await answered.wait()
        except TimeoutError:
            return []

    def entries(
        self, *, endpoint: str | None = None, client_id: str | None = None, since: int = 0
    ) -> list[Entry]:
        """Give the exchanges after number `since`, oldest first.

        `endpoint` is a label; `token` and `api` stand for all of theirs.
        """
        return [
            entry
            for entry in list(self._entries)
            if entry.seq > since
            and (endpoint is None or f"{entry.exchange.endpoint}.".startswith(f"{endpoint}."))
            and client_id in (None, entry.exchange.client_id)
        ]

    def clear(self) -> None:
        """Forget all exchanges; numbers go on."""
        self._entries.clear()

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)


def _fault(strike: Strike) -> dict[str, object]:
    return {"id": strike.armed.id, "fault": strike.fault.kind, "phase": strike.fault.phase}


def _request(exchange: Exchange) -> dict[str, object]:
    request = exchange.request
    try:
        parameters: object = finite(request.parameters)
    except RailsError:
        parameters = None
    return {
        "method": request.original_method,
        "target": request.target,
        "headers": [list(pair) for pair in request.headers],
        **_body(request.body),
        "parameters": parameters,
    }


def _response(response: Response) -> dict[str, object]:
    return {
        "status": response.status,
        "headers": [list(pair) for pair in response.header_lines()],
        **_body(response.body),
    }


def _body(body: bytes) -> dict[str, object]:
    """Give a body as a text; beside one that is none, its bytes in base64."""
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        encoded = base64.b64encode(body).decode()
        return {"body": body.decode("utf-8", "backslashreplace"), "body_base64": encoded}

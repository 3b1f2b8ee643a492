"""The journal of a sandbox: every exchange, the newest ten thousand."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from .exchange import Exchange
from .faults.armed import ArmedFault
from .rails.errors import RailsError
from .rails.response import Response

CAPACITY = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One exchange as it happened; `at` is virtual, `wall` real time, in Unix seconds."""

    seq: int
    exchange: Exchange
    response: Response | None
    """What was sent; None where nothing was."""
    fault: ArmedFault | None
    wall: float

    def as_json(self) -> dict[str, object]:
        """Give the shape of `GET /_mock/journal`."""
        exchange, fault = self.exchange, self.fault
        return {
            "seq": self.seq,
            "endpoint": exchange.endpoint,
            "client_id": exchange.client_id,
            "request": _request(exchange),
            "response": None if self.response is None else _response(self.response),
            "fault": fault
            and {"id": fault.id, "fault": fault.fault.kind, "phase": fault.fault.phase},
            "reason": exchange.reason,
            "tokens": exchange.token_ids,
            "at": exchange.now,
            "wall": self.wall,
        }


class Journal:
    """A bounded ring of exchanges; the oldest make room."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._entries: deque[Entry] = deque(maxlen=capacity)
        self._last_seq = 0

    def append(
        self, exchange: Exchange, response: Response | None, fault: ArmedFault | None, wall: float
    ) -> Entry:
        """Write down an exchange."""
        self._last_seq += 1
        entry = Entry(
            seq=self._last_seq, exchange=exchange, response=response, fault=fault, wall=wall
        )
        self._entries.append(entry)
        return entry

    def entries(
        self, *, endpoint: str | None = None, client_id: str | None = None, since: int = 0
    ) -> list[Entry]:
        """Give the exchanges after number `since`, oldest first.

        `endpoint` is a label; `token` and `api` stand for all of theirs.
        """
        return [
            entry
            for entry in self._entries
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


def _request(exchange: Exchange) -> dict[str, object]:
    request = exchange.request
    try:
        parameters: dict[str, object] | None = dict(request.parameters)
    except RailsError:
        parameters = None
    return {
        "method": request.original_method,
        "target": request.target,
        "headers": [list(pair) for pair in request.headers],
        "body": request.body.decode("utf-8", "backslashreplace"),
        "parameters": parameters,
    }


def _response(response: Response) -> dict[str, object]:
    return {
        "status": response.status,
        "headers": [list(pair) for pair in response.header_lines()],
        "body": response.body.decode("utf-8", "backslashreplace"),
    }

"""Who came to the fake, counted as requests are answered."""

from collections import Counter
from collections.abc import Callable

from ..app import App, Receive, Scope, Send
from ..control_access import ControlAccess
from ..interception.way import Arrival, Process
from ..protocol import EXTENSION
from ..refusal import ProtocolRefusal
from ..sandboxes import Sandboxes

_MOST = 10_000
"""Connections of which the process is looked up; that takes about a millisecond each."""


class WatchedApp(App):
    """The application, which counts the requests of each process; the control API's don't count."""

    def __init__(
        self,
        sandboxes: Sandboxes,
        access: ControlAccess,
        *,
        process_of: Callable[[Arrival], Process | None],
        tell: Callable[[Arrival], str],
    ) -> None:
        super().__init__(sandboxes, access)
        self.visits: Counter[tuple[Process | None, str]] = Counter()
        """Requests by process and by how they were intercepted."""
        self.failures: Counter[str] = Counter()
        """Connections without a request that was one, by what is known of the reason."""
        self._process_of, self._tell = process_of, tell
        self._found: dict[int, Process | None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        arrival = _arrival(scope)
        if arrival is not None and not scope["path"].startswith("/_mock"):
            self.visits[self._process(scope, arrival), self._tell(arrival)] += 1
        await super().__call__(scope, receive, send)

    def note_refusal(self, refusal: ProtocolRefusal) -> None:
        """Write down what was no request, here and in the journal."""
        if len(self.failures) < _MOST or refusal.reason in self.failures:
            self.failures[refusal.reason] += 1
        super().note_refusal(refusal)

    def _process(self, scope: Scope, arrival: Arrival) -> Process | None:
        number = scope[EXTENSION].number
        if number not in self._found:
            self._found[number] = self._process_of(arrival) if len(self._found) < _MOST else None
        return self._found[number]


def _arrival(scope: Scope) -> Arrival | None:
    """Give a request's ends; None for one from within, by a short cut."""
    if scope["type"] != "http" or scope[EXTENSION].number is None or not scope["client"]:
        return None
    named = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return Arrival(
        peer=tuple(scope["client"]),
        door=tuple(scope["server"]),
        scheme=scope["scheme"],
        host=named.decode("latin-1"),
    )

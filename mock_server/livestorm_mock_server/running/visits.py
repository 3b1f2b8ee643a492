"""Who came to the fake, counted as requests are answered."""

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from ..app import App, Receive
from ..connection import Connection
from ..control_access import ControlAccess
from ..handshaking import SandboxHandshake
from ..interception.way import Arrival, Process
from ..protocol import EXTENSION
from ..refusal import ProtocolRefusal
from ..sandboxes import Sandboxes
from ..sending import Scope, Send

_MOST = 10_000
"""Processes that are told apart."""
_MOST_FAILURES = 100
"""Reasons that are told apart: clients choose some of the words."""
_CONTROL = re.compile(r"(?:/s/[\w\-]+)?/_mock(?:/|\Z)")


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
        self._found: WeakKeyDictionary[Connection, Process | None] = WeakKeyDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        arrival = _arrival(scope)
        if arrival is not None and not _CONTROL.match(scope["path"]):
            self._count_visit(self._process(scope, arrival), self._tell(arrival))
        await super().__call__(scope, receive, send)

    def answer_whole(self, *request: object) -> None:
        """Leave each request to be seen on its way."""

    def note_refusal(self, refusal: ProtocolRefusal) -> None:
        """Write down what was no request, here and in the journal."""
        self._count(refusal.reason)
        super().note_refusal(refusal)

    async def begin_handshake(self, *arguments: Any, **named: Any) -> SandboxHandshake:
        """Begin a TLS handshake; one that comes to nothing is written down here, too."""
        handshake = await super().begin_handshake(*arguments, **named)
        handshake.fail = partial(self._note_failed, handshake.fail)  # type: ignore[method-assign]  # of this one alone
        return handshake

    def _note_failed(self, note: Callable[[str], None], reason: str) -> None:
        self._count(reason)
        note(reason)

    def _count(self, reason: str) -> None:
        if len(self.failures) < _MOST_FAILURES or reason in self.failures:
            self.failures[reason] += 1

    def _count_visit(self, process: Process | None, how: str) -> None:
        is_kept = len(self.visits) < _MOST or (process, how) in self.visits
        self.visits[process if is_kept else None, how] += 1

    def _process(self, scope: Scope, arrival: Arrival) -> Process | None:
        connection = scope[EXTENSION]
        if connection not in self._found:
            self._found[connection] = self._process_of(arrival)
        return self._found[connection]


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

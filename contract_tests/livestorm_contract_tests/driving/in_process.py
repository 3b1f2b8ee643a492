"""A carrier for an adapter in this very process: it takes messages as dictionaries.

A hang can only be reported, and a kill only forgets the adapter.
"""

import json
import threading
from collections.abc import Callable, Sequence

import msgspec

from .carrier import AdapterFailed, Garbage, Pending
from .command_adapter import CommandAdapter, Message, is_reply
from .messages import (
    BadMessage,
    Ready,
    read_line,
    read_ready,
    read_reply,
)


class InProcessCarrier:
    """An adapter made by `make`; raises AdapterFailed where that fails."""

    def __init__(self, make: Callable[[], CommandAdapter]) -> None:
        self._events: list[Message] = []
        self._alive = True
        self._last_id = 0
        try:
            self._adapter = make()
            self._ready = _without_logs(read_ready(_travelled(self._adapter.ready)))
        except Exception as error:
            raise AdapterFailed(f"the adapter can't be made: {error!r}") from error
        if hasattr(self._adapter, "emit"):
            self._adapter.emit = self._events.append

    @property
    def ready(self) -> Ready:
        """What the adapter says of itself."""
        return self._ready

    @property
    def is_alive(self) -> bool:
        """Tell whether messages can still be sent."""
        return self._alive

    @property
    def events(self) -> Sequence[Message]:
        """The events that have come."""
        return list(self._events)

    def submit(self, message: dict[str, object]) -> Pending:
        """Have the adapter answer, in a thread of its own."""
        self._last_id += 1
        pending = Pending(self._last_id)
        self._send(message, pending)
        return pending

    def cancel(self, pending: Pending) -> None:
        """Tell the adapter, in one more thread."""
        if not pending.done():
            self._send({"type": "cancel"}, pending)

    def printed(self) -> bytes:
        """Give nothing: what the adapter prints is this process's own output."""
        return b""

    def kill(self) -> None:
        """Forget the adapter."""
        self._alive = False

    def stop(self) -> int | None:
        """Forget the adapter."""
        self.kill()
        return None

    def _send(self, message: Message, pending: Pending) -> None:
        sent = _travelled({"id": pending.number, **message})
        threading.Thread(target=self._answer, args=(sent, pending), daemon=True).start()

    def _answer(self, message: dict[str, object], pending: Pending) -> None:
        try:
            answer = _travelled(self._adapter.command(message))
            if is_reply(message, answer):
                pending.settle(read_reply(answer, self._ready.features))
        except BadMessage as error:
            self._alive = False
            pending.settle(Garbage(f"the adapter sent {error}"))
        except Exception as error:
            self._alive = False
            pending.settle(AdapterFailed(f"the adapter itself failed: {error!r}"))


def _travelled(message: Message) -> dict[str, object]:
    """Give a message as it would be after a journey over a pipe. Raises BadMessage."""
    return read_line(json.dumps(message).encode())


def _without_logs(ready: Ready) -> Ready:
    """Leave out the logs, which go to this process's own output."""
    return msgspec.structs.replace(ready, features=msgspec.structs.replace(ready.features, logs=()))

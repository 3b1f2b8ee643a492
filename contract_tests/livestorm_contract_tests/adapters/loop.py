"""Serving an adapter in Python over standard input and output, one JSON object a line."""

import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from ..driving.command_adapter import CommandAdapter, Message, is_reply

_AT_ONCE = ("configure", "end_case", "cancel")
"""Barriers; and what must not wait until one of the workers is free."""


class Outlet:
    """Standard output as it was at the start: what the client prints goes to standard error."""

    def __init__(self) -> None:
        self._file = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        sys.stdout = sys.stderr
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        """Write one message and flush it."""
        line = json.dumps(message).encode() + b"\n"
        with self._lock:
            self._file.write(line)
            self._file.flush()


def serve(adapter: CommandAdapter) -> None:
    """Answer the messages of standard input until its end.

    Commands run side by side where the adapter says that it takes them so.
    """
    outlet = Outlet()
    if hasattr(adapter, "emit"):
        adapter.emit = outlet.send
    outlet.send(adapter.ready)
    features = adapter.ready.get("features")
    parallel = isinstance(features, dict) and features.get("parallel", False)
    with ThreadPoolExecutor(64 if parallel else 1) as workers:
        for line in sys.stdin.buffer:
            message = json.loads(line)
            if message.get("type") in _AT_ONCE:
                _answer(adapter, message, outlet)
            else:
                workers.submit(_answer, adapter, message, outlet)


def _answer(adapter: CommandAdapter, message: dict[str, object], outlet: Outlet) -> None:
    try:
        reply = {"type": "result", **adapter.command(message)}
    except Exception as error:
        reply = {"type": "adapter_error", "message": f"{type(error).__name__}: {error}"}
    if is_reply(message, reply):
        outlet.send({**reply, "id": message.get("id")})

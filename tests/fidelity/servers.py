"""The servers that recordings can be replayed against."""

import json
import time
from typing import Protocol

from .wire import exchange, frame_request


class Server(Protocol):
    """A provider with its own time."""

    @property
    def base(self) -> str:
        """URL without a path, such as `http://127.0.0.1:8787`."""

    def now(self) -> float:
        """Return the server's Unix time."""

    def wait(self, seconds: int) -> None:
        """Let `seconds` pass at the server."""


class RealTimeServer:
    """A server on this machine's clock: waiting takes as long as it says."""

    def __init__(self, base: str) -> None:
        self.base = base

    def now(self) -> float:
        """Return this machine's Unix time."""
        return time.time()

    def wait(self, seconds: int) -> None:
        """Sleep."""
        time.sleep(seconds)


class VirtualTimeServer:
    """A fake whose clock stands still unless it is moved through its control API."""

    def __init__(self, base: str, now: float) -> None:
        self.base = base
        self._now = now

    def now(self) -> float:
        """Return the fake's Unix time."""
        return self._now

    def wait(self, seconds: int) -> None:
        """Advance the fake's clock; raises `RuntimeError` where it refuses."""
        body = json.dumps({"advance": seconds}).encode()
        headers = (("Content-Type", "application/json"),)
        answer = exchange(
            self.base, frame_request(self.base, "POST", "/_mock/clock", headers, body)
        )
        if answer.status != 200:
            raise RuntimeError(f"the clock answered {answer.status}: {answer.body!r}")
        self._now += seconds

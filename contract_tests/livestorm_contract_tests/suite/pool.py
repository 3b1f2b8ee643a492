"""The processes of the client under test."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import LifoQueue
from typing import Final

from ..driving.carrier import AdapterFailed, Carrier
from ..driving.messages import Ready

Launch = Callable[[], Carrier]

_STARTING_SECONDS: Final = 0.5
"""How long a process that is just being started is waited for, so that it can be killed."""


class Lease:
    """A process on loan. What is launched in its place is given back."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._carrier: Carrier | None = None
        self.secrets: set[str] = set()
        """What came up in this loan that no report may show."""

    @property
    def carrier(self) -> Carrier:
        """The process; a dead one is replaced. Raises AdapterFailed where none gets ready."""
        if self._carrier is None:
            self._carrier = self._launch()
        return self._carrier

    def drop_if_dead(self) -> None:
        """Forget a process that has ended."""
        if self._carrier is not None and not self._carrier.is_alive:
            self._carrier = None

    def relaunch(self) -> None:
        """Take another process, the one before having been ended."""
        self._carrier = None
        _ = self.carrier

    def another(self) -> "Lease":
        """Give a lease of a further process, for the same case."""
        lease = Lease(self._launch)
        lease.secrets = self.secrets
        return lease

    def close(self) -> None:
        """End the process."""
        self.drop_if_dead()
        if self._carrier is not None:
            self._carrier.stop()
            self._carrier = None


class Pool:
    """So many leases, each for one case at a time; the one that was given back last goes first."""

    def __init__(self, launch: Launch, size: int) -> None:
        self._launch = launch
        self._launched: list[Carrier] = []
        self._starting = threading.Lock()
        self._is_over = False
        self._idle: LifoQueue[Lease] = LifoQueue()
        for _ in range(size):
            self._idle.put(Lease(self._launch_another))

    def read_ready(self) -> Ready:
        """Give what a process says at its start. Raises AdapterFailed where none gets ready."""
        with self.lease() as lease:
            return lease.carrier.ready

    def _launch_another(self) -> Carrier:
        """Start a process and wait until it is ready; it can be killed meanwhile."""
        with self._starting:
            if self._is_over:
                raise AdapterFailed("the run was interrupted")
            launched = self._launch()
            self._launched = [*(one for one in self._launched if one.is_alive), launched]
        if self._is_over:
            launched.kill()
        _ = launched.ready
        return launched

    @contextmanager
    def lease(self) -> Iterator[Lease]:
        """Lend a process that is alive."""
        lease = self._idle.get()
        try:
            lease.drop_if_dead()
            lease.secrets.clear()
            yield lease
        finally:
            self._idle.put(lease)

    def kill(self) -> None:
        """End all processes at once, also those that are lent, and start no other."""
        self._is_over = True
        if self._starting.acquire(timeout=_STARTING_SECONDS):
            self._starting.release()
        for carrier in self._launched:
            carrier.kill()

    def close(self) -> None:
        """End all processes."""
        while not self._idle.empty():
            self._idle.get().close()

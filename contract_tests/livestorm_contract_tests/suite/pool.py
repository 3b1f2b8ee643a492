"""The processes of the client under test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue

from ..driving.carrier import AdapterFailed, Carrier

Launch = Callable[[], Carrier]


class Lease:
    """A process on loan. What is launched in its place is given back."""

    def __init__(self, launch: Launch, carrier: Carrier | None = None) -> None:
        self._launch = launch
        self._carrier = carrier
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
    """So many leases, each for one case at a time."""

    def __init__(self, launch: Launch, size: int, *, first: Carrier) -> None:
        self._launch = launch
        self._launched = [first]
        self._is_over = False
        self._idle: SimpleQueue[Lease] = SimpleQueue()
        for carrier in [first, *[None] * (size - 1)]:
            self._idle.put(Lease(self._launch_another, carrier))

    def _launch_another(self) -> Carrier:
        if self._is_over:
            raise AdapterFailed("the run was interrupted")
        launched = self._launch()
        self._launched = [*(one for one in self._launched if one.is_alive), launched]
        if self._is_over:
            launched.kill()
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
        for carrier in self._launched:
            carrier.kill()

    def close(self) -> None:
        """End all processes."""
        while not self._idle.empty():
            self._idle.get().close()

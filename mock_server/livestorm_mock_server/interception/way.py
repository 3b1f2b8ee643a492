"""The seam between `run` and the ways in which a command meets the fake instead of Livestorm."""

import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from msgspec import Struct

from ..doors import Proxying
from ..real_hosts import is_livestorms, name_of
from .channel import Channel

UNPROVEN: Final = "nothing proves that Livestorm itself was not reached"


class Process(Struct, frozen=True):
    """A process of the command; `name` is short, as the system has it."""

    id: int
    name: str


class Attempt(Struct, frozen=True, kw_only=True):
    """Something that went elsewhere than to the fake, or tried to."""

    target: str
    """`host:port`, or a name that was to be resolved."""
    process: Process | None
    """None where it could not be found."""
    at: float
    """Seconds of the wall clock."""

    @property
    def is_real(self) -> bool:
        """Whether it meant a host of Livestorm."""
        return is_livestorms(name_of(self.target))


class Arrival(Struct, frozen=True, kw_only=True):
    """A request that reached the fake: the two ends of its connection, and the host it named."""

    peer: tuple[str, int]
    door: tuple[str, int]
    scheme: str
    host: str


class Launch(Struct, frozen=True, kw_only=True):
    """How the command is started."""

    environment: Mapping[str, str | None] = {}
    """What it has beside, or instead of, what `run` has itself; None for what it may not have."""


class Fake(Protocol):
    """The fake that `run` serves in its own process, on one event loop."""

    @property
    def folder(self) -> Path:
        """For files that the command reads; gone at the end. Others may read it: no keys."""

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""

    @property
    def other_port(self) -> int:
        """Where its second origin does."""

    @property
    def ca_pem(self) -> str:
        """Of the authority that issued the certificates of the doors with TLS."""

    async def open(
        self,
        listener: socket.socket,
        *,
        tls: bool,
        proxying: Proxying | None = None,
        of_livestorm: bool = False,
    ) -> None:
        """Take clients from a bound and listening socket, from any network namespace."""


class RefusedError(Exception):
    """Why the system does not allow a way, in half a sentence."""


class Way(Protocol):
    """One way, made before anything else; all but `enter` and `converse` runs in `run` itself."""

    name: str
    has_own_loopback: bool
    """Whether the fake can't reach where the command listens."""

    def enter(self) -> None:
        """Get the child ready, right after its fork and beside the start of the fake.

        Raises RefusedError, OSError where the system does not allow it; the child then ends.
        """

    def converse(self, channel: Channel) -> None:
        """In the child, answer what `prepare` sends, up to the last of it; then it is executed."""

    async def prepare(self, fake: Fake, channel: Channel, command: Sequence[str]) -> Launch:
        """Bring the fake to where the command will look, and say what it is started with.

        `channel` leads to `converse`. Raises OSError, InvalidInputError where it can't be done.
        """

    def process_of(self, arrival: Arrival) -> Process | None:
        """Find whose request it is, while its connection is open."""

    def tell(self, arrival: Arrival) -> str:
        """Say in a few words how it was intercepted."""

    def attempts(self) -> Sequence[Attempt]:
        """Give what went elsewhere, or tried to."""

    def is_sure(self) -> bool:
        """Tell whether it saw all that it undertook to see; it can't be told where it did not."""

    def notes(self) -> Sequence[str]:
        """Give what else is to be said at the end, a line each."""

    async def close(self) -> None:
        """End what was begun for the command, after its end."""

"""The client under test as a value: what it is called, and how it is launched.

An app that is driven over HTTP is one, too: `http.HttpApp`.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from .bare import BareCarrier
from .carrier import Carrier
from .command_adapter import CommandAdapter
from .in_process import InProcessCarrier
from .stdio import StdioCarrier


class ClientUnderTest(Protocol):
    """A client that cases are put to."""

    @property
    def name(self) -> str:
        """What reports call it: the text that asked for it."""
        ...

    @property
    def most_at_once(self) -> int | None:
        """How many of it may run side by side; None where nothing limits them."""
        ...

    def launch(self) -> Carrier:
        """Start one more of it, whose `ready` is to come. Raises AdapterFailed or NotOffered."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StdioClient:
    """The command of an adapter that speaks the protocol on standard input and output."""

    name: str
    command: Sequence[str]
    most_at_once: ClassVar[int | None] = None

    def launch(self) -> Carrier:
        """Start a process. Raises AdapterFailed."""
        return StdioCarrier(self.command)


@dataclass(frozen=True, slots=True, kw_only=True)
class BareClient:
    """A command without an adapter; `text` is the command line that `command` was read from."""

    text: str
    command: Sequence[str]
    most_at_once: ClassVar[int | None] = None

    @property
    def name(self) -> str:
        """What reports call it: no adapter."""
        return f"command: {self.text}"

    def launch(self) -> Carrier:
        """Give what runs the command at each call."""
        return BareCarrier(self.command)


@dataclass(frozen=True, slots=True, kw_only=True)
class InProcessClient:
    """An adapter in this very process."""

    name: str
    make: Callable[[], CommandAdapter]
    most_at_once: ClassVar[int | None] = None

    def launch(self) -> Carrier:
        """Make an adapter. Raises AdapterFailed."""
        return InProcessCarrier(self.make)


REFERENCE = StdioClient(
    name="reference",
    command=(sys.executable, "-m", "livestorm_contract_tests.adapters.reference_process"),
)
"""The reference client."""

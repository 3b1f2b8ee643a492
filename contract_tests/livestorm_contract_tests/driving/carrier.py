"""What all carriers of messages have in common, and how driving a client can end."""

from collections.abc import Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import Protocol

from .command_adapter import Message
from .messages import GRACE_SECONDS, Ready, Reply


class DrivingError(Exception):
    """The client can no longer be driven in this case."""


class Hang(DrivingError):
    """No reply came by the deadline."""


class Crash(DrivingError):
    """The client's process died."""


class Garbage(DrivingError):
    """The adapter sent something that is no message of the protocol."""


class AdapterFailed(DrivingError):
    """The adapter says that it failed itself, or never got ready."""


class NotOffered(DrivingError):
    """The carrier can't do what a case asks for; nothing is judged."""


class Pending(Future[Reply]):
    """The reply to the message `number`, which is to come."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def settle(self, outcome: Reply | DrivingError) -> None:
        """Give the reply, or why none comes; nobody waits for a second one."""
        with suppress(InvalidStateError):
            if isinstance(outcome, Reply):
                self.set_result(outcome)
            else:
                self.set_exception(outcome)


class Carrier(Protocol):
    """Brings messages to an adapter and its replies back; one for each process of a client."""

    @property
    def ready(self) -> Ready:
        """What the adapter says at its start. Raises AdapterFailed where it does not get ready."""
        ...

    @property
    def is_alive(self) -> bool:
        """Tell whether messages can still be sent."""
        ...

    @property
    def events(self) -> Sequence[Message]:
        """The unsolicited events that have come, oldest first."""
        ...

    def submit(self, message: dict[str, object]) -> Pending:
        """Send a message, whose `id` is made here; the future raises a DrivingError."""
        ...

    def cancel(self, pending: Pending) -> None:
        """Ask for the end of a command that is under way; its one reply comes all the same.

        A client that does not know this message answers `unsupported` in the command's name.
        """

    def printed(self) -> bytes:
        """Give what the client has written to its standard error."""
        ...

    def kill(self) -> None:
        """End the client at once, as SIGKILL does."""

    def stop(self) -> int | None:
        """End the client in order; give its exit status, None where there is none."""
        ...


def wait_for(pending: Pending, carrier: Carrier, deadline_ms: float) -> Reply:
    """Wait for a reply until its deadline and a grace. Raises DrivingError."""
    try:
        return pending.result(deadline_ms / 1000 + GRACE_SECONDS)
    except TimeoutError:
        carrier.kill()
        seconds = deadline_ms / 1000 + GRACE_SECONDS
        raise Hang(f"no reply within {seconds:g} s") from None


def not_started(command: Sequence[str], error: OSError | ValueError) -> AdapterFailed:
    """Give the error for a command that can't be started, also where no system could name it."""
    told = getattr(error, "strerror", None) or str(error)
    return AdapterFailed(f"{command[0]!r} can't be started: {told}")


def check_driving(holds: bool, told: str) -> None:
    """Raise AdapterFailed where the adapter does not do what the protocol says."""
    if not holds:
        raise AdapterFailed(told)

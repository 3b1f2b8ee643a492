"""The client under test on a stage: its operations, each watched from both sides."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..driving.carrier import Carrier, Crash, Pending, wait_for
from ..driving.kinds import Kind
from ..driving.messages import DEADLINE_MS, Message, Ready
from ..driving.outcome import Outcome, contradiction
from ..fake.journal import Exchange
from .capabilities import offers
from .pool import Lease

if TYPE_CHECKING:
    from .stage import Stage

_BROWSER_ENDPOINTS = ("authorize", "native", "authorized_applications")


class Unsupported(Exception):
    """The client does not offer what the case needs; the text says what."""


class CutShort(Exception):
    """The client failed in a way that ends the case; the check that says so is made."""


@dataclass(kw_only=True)
class Running:
    """An operation that is under way."""

    client: "Client"
    command: Message
    pending: Pending
    since: int
    started: float
    deadline_ms: float

    def cancel(self) -> None:
        """Have the client give it up; `finish` then waits for what it says of that."""
        self.client.carrier.cancel(self.pending)

    def finish(self) -> Outcome:
        """Wait for the reply. Raises DrivingError or Unsupported."""
        return self.client.finish(self)


class Client:
    """One process of the client under test.

    An operation raises Unsupported where the client says so, and a DrivingError where it hangs,
    crashes or talks nonsense.
    """

    def __init__(self, stage: "Stage", lease: Lease) -> None:
        self.stage = stage
        self.lease = lease
        self._events_before = len(self.carrier.events)
        self._printed_before = len(self.carrier.printed())

    @property
    def carrier(self) -> Carrier:
        """What brings messages to the process."""
        return self.lease.carrier

    @property
    def ready(self) -> Ready:
        """What the client said of itself."""
        return self.carrier.ready

    @property
    def events(self) -> Sequence[Message]:
        """The events of this case."""
        return self.carrier.events[self._events_before :]

    def printed(self) -> bytes:
        """Give what the client wrote to standard error in this case."""
        return self.carrier.printed()[self._printed_before :]

    def can(self, op: str) -> bool:
        """Tell whether the client offers an operation."""
        return offers(op, self.ready)

    # Messages

    def configure(self) -> None:
        """Begin the case: the client forgets what it knew."""
        message = {"type": "configure", "case": self.stage.case.id, "run": self.stage.run}
        self._expect_ok({**message, "config": self.stage.config}, "configure")

    def try_configure(self) -> Kind:
        """Begin the case with a configuration that the client may refuse; give the reply's kind."""
        message = {"type": "configure", "case": self.stage.case.id, "run": self.stage.run}
        pending = self.carrier.submit({**message, "config": self.stage.config})
        return wait_for(pending, self.carrier, DEADLINE_MS).kind

    def end_case(self) -> None:
        """End the case."""
        self._expect_ok({"type": "end_case"}, "end_case")

    def start(self, op: str, *, deadline_ms: float = DEADLINE_MS, **members: object) -> Running:
        """Send a command and go on; members that are None are left out."""
        given = {name: value for name, value in members.items() if value is not None}
        command: dict[str, object] = {"type": "command", "op": op, **given}
        if op in ("callback", "call", "refresh"):
            command["deadline_ms"] = deadline_ms
        since = self.stage.last_seq()
        pending = self.carrier.submit(command)
        self.stage.expect(self.carrier, pending)
        return Running(
            client=self,
            command=command,
            pending=pending,
            since=since,
            started=time.monotonic(),
            deadline_ms=deadline_ms,
        )

    def finish(self, running: Running) -> Outcome:
        """Wait for a reply, and note what it says and what went over the wire."""
        reply = wait_for(running.pending, self.carrier, running.deadline_ms)
        seconds = time.monotonic() - running.started
        if reply.kind is Kind.UNSUPPORTED:
            raise Unsupported(f"op {running.command['op']}: {reply.reason or 'unsupported'}")
        outcome = Outcome(
            command=running.command,
            reply=reply,
            exchanges=of_client(self.stage.sandbox.read_journal(since=running.since)),
            seconds=seconds,
        )
        self.stage.note(outcome, None if self.stage.others_answer else contradiction(outcome))
        return outcome

    def do(self, op: str, *, deadline_ms: float = DEADLINE_MS, **members: object) -> Outcome:
        """Send a command and wait for its reply."""
        if not self.can(op):
            raise Unsupported(f"op {op}")
        return self.start(op, deadline_ms=deadline_ms, **members).finish()

    def restart(self, how: str = "kill") -> None:
        """End the process (`kill` or `stop`) and start it again on the same store.

        Raises Crash where a client that is stopped in order ends with another status than 0.
        """
        if how == "kill":
            self.carrier.kill()
        elif (status := self.carrier.stop()) not in (0, None):
            raise Crash(f"after the end of its input the process ended with status {status}")
        self.lease.relaunch()
        self._events_before = self._printed_before = 0
        self.configure()

    def _expect_ok(self, message: dict[str, object], what: str) -> None:
        reply = wait_for(self.carrier.submit(message), self.carrier, DEADLINE_MS)
        if reply.kind is Kind.UNSUPPORTED:
            raise Unsupported(f"{what}: {reply.reason or 'unsupported'}")
        self.stage.check_driving(reply.kind is Kind.OK, f"{what} is answered {reply.kind}")


def of_client(exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """Leave the browser's exchanges out."""
    return tuple(one for one in exchanges if one.endpoint not in _BROWSER_ENDPOINTS)

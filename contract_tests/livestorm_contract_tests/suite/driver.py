"""Commands to a process of the client under test, each watched from both sides."""

import time
from collections.abc import Sequence
from concurrent.futures import wait
from dataclasses import dataclass

from ..driving.carrier import Carrier, Crash, Hang, Pending, check_driving, wait_for
from ..driving.command_adapter import Message
from ..driving.kinds import Kind
from ..driving.messages import DEADLINE_MS, Ready, Reply
from ..driving.outcome import Outcome
from ..driving.sent import checked
from ..fake.control import Sandbox
from .capabilities import offers
from .hanging import describe_hang, hung_at
from .pool import Lease
from .verdict_book import VerdictBook


class Unsupported(Exception):
    """The client does not offer what the case needs; the text says what."""


@dataclass(kw_only=True)
class Running:
    """An operation that is under way."""

    driver: "Driver"
    command: Message
    pending: Pending
    since: int
    started: float
    deadline_ms: float

    def cancel(self) -> None:
        """Have the client give it up; `finish` then waits for what it says of that."""
        self.driver.carrier.cancel(self.pending)

    def finish(self) -> Outcome:
        """Wait for the reply. Raises DrivingError or Unsupported."""
        return self.driver.finish(self)


class Driver:
    """Brings commands to one process of the client, and watches what comes of each.

    A command raises Unsupported where the client says so, and a DrivingError where it hangs,
    crashes or talks nonsense.
    """

    def __init__(self, lease: Lease, fake: Sandbox, verdicts: VerdictBook) -> None:
        self.lease = lease
        self._fake = fake
        self._verdicts = verdicts
        self._due: list[tuple[Carrier, Pending]] = []
        self._was_asked = True
        """Whether the client was asked for anything since the journal was read."""
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

    def ask(self, message: dict[str, object]) -> Reply:
        """Send a message that is no command; give the reply."""
        self._was_asked = True
        return wait_for(self.carrier.submit(checked(message)), self.carrier, DEADLINE_MS)

    def expect_ok(self, message: dict[str, object], what: str) -> None:
        """Send a message that has to be answered `ok`. Raises Unsupported or AdapterFailed."""
        reply = self.ask(message)
        if reply.kind is Kind.UNSUPPORTED:
            raise Unsupported(f"{what}: {reply.reason or 'unsupported'}")
        check_driving(reply.kind is Kind.OK, f"{what} is answered {reply.kind}")

    def start(self, op: str, *, deadline_ms: float = DEADLINE_MS, **members: object) -> Running:
        """Send a command and go on; members that are None are left out. Raises Unsupported."""
        if not self.can(op):
            raise Unsupported(f"op {op}")
        given = {name: value for name, value in members.items() if value is not None}
        command: dict[str, object] = {"type": "command", "op": op, **given}
        if op in ("callback", "call", "refresh"):
            command["deadline_ms"] = deadline_ms
        # What a client does unasked is its next operation's.
        since = self._fake.last_seq() if self._was_asked else self._fake.seen
        self._was_asked = True
        pending = self.carrier.submit(checked(command))
        self._due.append((self.carrier, pending))
        return Running(
            driver=self,
            command=command,
            pending=pending,
            since=since,
            started=time.monotonic(),
            deadline_ms=deadline_ms,
        )

    def finish(self, running: Running) -> Outcome:
        """Wait for a reply, and note what it says and what went over the wire."""
        try:
            reply = wait_for(running.pending, self.carrier, running.deadline_ms)
        except Hang as hang:
            sent = self._fake.exchanges(since=running.since)
            self._verdicts.hung_at = hung_at(sent)
            raise Hang(f"{describe_hang(running.command, sent)} ({hang})") from None
        seconds = time.monotonic() - running.started
        if reply.kind is Kind.UNSUPPORTED:
            raise Unsupported(f"op {running.command['op']}: {reply.reason or 'unsupported'}")
        outcome = Outcome(
            command=running.command,
            reply=reply,
            exchanges=self._fake.exchanges(since=running.since),
            seconds=seconds,
        )
        self._was_asked = self.is_busy
        self._verdicts.note(outcome)
        return outcome

    def do(self, op: str, *, deadline_ms: float = DEADLINE_MS, **members: object) -> Outcome:
        """Send a command and wait for its reply."""
        return self.start(op, deadline_ms=deadline_ms, **members).finish()

    def relaunch(self, how: str = "kill") -> None:
        """End the process (`kill` or `stop`) and start another.

        Raises Crash where a client that is stopped in order ends with another status than 0.
        """
        if how == "kill":
            self.carrier.kill()
        elif (status := self.carrier.stop()) not in (0, None):
            raise Crash(f"after the end of its input the process ended with status {status}")
        self.lease.relaunch()
        self._was_asked = True
        self._events_before = self._printed_before = 0

    @property
    def is_busy(self) -> bool:
        """Tell whether an operation is under way."""
        return any(one.is_alive and not pending.done() for one, pending in self._due)

    def settle(self) -> None:
        """Wait for the replies that are due; a client that does not come to its end is killed."""
        for carrier, pending in self._due:
            if carrier.is_alive and wait([pending], DEADLINE_MS / 1000).not_done:
                carrier.kill()

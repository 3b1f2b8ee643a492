"""The reference carrier: a process that speaks JSON Lines on standard input and output."""

import contextlib
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from multiprocessing.connection import wait
from queue import SimpleQueue
from typing import IO

from .carrier import AdapterFailed, Crash, DrivingError, Garbage, Pending, not_started
from .command_adapter import Message
from .environment import client_environment
from .groups import PIECE, has_ended, kill_group, pieces_of, watch_end
from .kinds import Kind
from .messages import (
    LONGEST_LINE,
    READY_SECONDS,
    BadMessage,
    Ready,
    read_line,
    read_ready,
    read_reply,
    write_line,
)

_MOST_PRINTED = 64 * 1024 * 1024
_STOP_SECONDS = 10.0
_LAST_WORDS = 600
"""Characters of the beginning and of the end of what is shown: the reason may stand in either."""


class StdioCarrier:
    """One child process, in a group of its own; raises AdapterFailed where it can't be started.

    What it has started ends with it, and what has left the group is not waited for.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        ready_seconds: float = READY_SECONDS,
    ) -> None:
        self._pending: dict[int, Pending] = {}
        self._cancelled: set[int] = set()
        self._events: list[Message] = []
        self._printed = bytearray()
        self._printed_lock = threading.Lock()
        self._last_id = 0
        self._lock = threading.Lock()
        self._closing = threading.Lock()
        self._end: DrivingError | None = None
        self._ready: Future[Ready] = Future()
        self._ready_seconds = ready_seconds
        self._outbox: SimpleQueue[bytes | None] = SimpleQueue()
        given = client_environment() if environment is None else environment
        self._process: subprocess.Popen[bytes]
        self._started: Future[None] = Future()
        works = (partial(self._live, command, given), self._write, self._drain)
        self._threads = [threading.Thread(target=work, daemon=True) for work in works]
        self._start(command)

    @property
    def ready(self) -> Ready:
        """What the adapter says at its start, which is waited for. Raises AdapterFailed."""
        try:
            return self._ready.result(self._ready_seconds)
        except TimeoutError:
            told = f"not ready within {self._ready_seconds:g} s"
        except DrivingError as error:
            told = str(error)
        self.kill()
        raise AdapterFailed(f"{told}{self._last_words()}")

    @property
    def is_alive(self) -> bool:
        """Tell whether messages can still be sent."""
        return self._end is None and not has_ended(self._process)

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    @property
    def events(self) -> Sequence[Message]:
        """The unsolicited events that have come, oldest first."""
        return list(self._events)

    def submit(self, message: dict[str, object]) -> Pending:
        """Send a message; the future of its reply raises a DrivingError."""
        with self._lock:
            self._last_id += 1
            pending = Pending(self._last_id)
            if self._end is not None:
                pending.settle(self._end)
                return pending
            self._pending[pending.number] = pending
        self._outbox.put(write_line({"id": pending.number, **message}))
        return pending

    def cancel(self, pending: Pending) -> None:
        """Send a `cancel` in the command's name, unless its reply has come."""
        with self._lock:
            if pending.number not in self._pending:
                return
            self._cancelled.add(pending.number)
        self._outbox.put(write_line({"id": pending.number, "type": "cancel"}))

    def printed(self) -> bytes:
        """Give what the child has written to its standard error until now."""
        with self._printed_lock:
            while self._take_printed():
                pass
            return bytes(self._printed)

    def kill(self) -> None:
        """End the child and its group at once."""
        kill_group(self._process)
        self._wait()

    def stop(self) -> int | None:
        """Close the child's standard input; give its exit status, killing it where it stays."""
        self._outbox.put(None)
        if not wait([self._ended], _STOP_SECONDS):
            kill_group(self._process)
        return self._wait()

    def _start(self, command: Sequence[str]) -> None:
        """Have the process started, or killed where somebody interrupts. Raises AdapterFailed."""
        reader, *others = self._threads
        try:
            reader.start()
            self._started.result()
            for thread in others:
                thread.start()
        except (OSError, ValueError) as error:
            raise not_started(command, error) from None
        except KeyboardInterrupt:
            if reader.ident is not None and self._started.exception() is None:
                kill_group(self._process)
            raise

    def _live(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start the process, and read it to its end.

        A thread is interrupted by no Ctrl-C, so that the process is known as soon as it is there;
        and one that stays as long, as a process may have asked to die with the thread that began
        it (PR_SET_PDEATHSIG).
        """
        pipe = subprocess.PIPE
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the user's own command
                command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, process_group=0
            )
            self._ended = watch_end(self._process)
        except Exception as error:
            self._started.set_exception(error)
        else:
            self._started.set_result(None)
            self._read()

    def _wait(self) -> int:
        status = self._process.wait()
        self._outbox.put(None)
        with self._closing:
            for thread in self._threads:
                thread.join()
            for stream in (self._process.stdout, self._process.stderr):
                _opened(stream).close()
            if self._ended >= 0:
                os.close(self._ended)
                self._ended = -1
        return status

    def _last_words(self) -> str:
        text = self.printed().decode("utf-8", "replace").strip()
        if len(text) > 2 * _LAST_WORDS:
            text = f"{text[:_LAST_WORDS]} [...] {text[-_LAST_WORDS:]}"
        return f"; it printed: {text}" if text else ""

    def _drain(self) -> None:
        stderr = _opened(self._process.stderr).fileno()
        taken: bytes | None = None
        while taken != b"" and stderr in wait([stderr, self._ended]):
            with self._printed_lock:
                taken = self._take_printed()

    def _take_printed(self) -> bytes | None:
        """Keep what has been printed: empty at the end of it, None where there is none now."""
        stderr = _opened(self._process.stderr)
        if stderr.closed or not wait([stderr.fileno()], 0):
            return None
        chunk = os.read(stderr.fileno(), PIECE)
        if len(self._printed) < _MOST_PRINTED:
            self._printed += chunk
        return chunk

    def _write(self) -> None:
        """Send what is to be sent, apart: a client that does not read must not stop the suite."""
        with contextlib.suppress(OSError), _opened(self._process.stdin) as stdin:
            while line := self._outbox.get():
                stdin.write(line)
                stdin.flush()

    def _read(self) -> None:
        """Take the child's lines to their end; then nobody waits any longer."""
        try:
            for line in self._lines():
                self._take(read_line(line))
        except BadMessage as error:
            kill_group(self._process)
            self._finish(Garbage(f"the adapter sent {error}"))
            return
        wait([self._ended])
        status = self._process.wait()
        how = f"signal {-status}" if status < 0 else f"exit status {status}"
        self._finish(Crash(f"the process ended with {how}"))

    def _lines(self) -> Iterator[bytes]:
        """Give what comes line by line, the last one without an end; too long a one is cut."""
        stdout, buffer = _opened(self._process.stdout).fileno(), bytearray()
        for piece in pieces_of(stdout, self._ended):
            buffer += piece
            while (end := buffer.find(b"\n") + 1) or len(buffer) > LONGEST_LINE:
                yield bytes(buffer[: end or None])
                del buffer[: end or None]
        if buffer:
            yield bytes(buffer)

    def _take(self, message: Message) -> None:
        """Sort a message out. Raises BadMessage."""
        if not self._ready.done():
            self._ready.set_result(read_ready(message))
        elif message.get("type") == "event":
            self._events.append(message)
        else:
            self._take_reply(message)

    def _take_reply(self, message: Message) -> None:
        number = message.get("id")
        if not isinstance(number, int):
            raise BadMessage(f"a reply to {number!r}, which is no id")
        with self._lock:
            pending = self._pending.pop(number, None)
            if number in self._cancelled and message.get("kind") == Kind.UNSUPPORTED:
                # That may be about the `cancel`: the command's own reply has come, or will come.
                self._cancelled.remove(number)
                if pending is None:
                    return
                self._pending[number] = Pending(number)
        if pending is None:
            raise BadMessage(f"a reply to {number!r}, which was not asked or is answered already")
        if message.get("type") == "adapter_error":
            told = str(message.get("message", ""))
            pending.settle(AdapterFailed(f"the adapter itself failed: {told[:500]}"))
            return
        try:
            pending.settle(read_reply(message, self.ready.features))
        except BadMessage as error:
            pending.settle(Garbage(f"the adapter sent {error}"))
            raise

    def _finish(self, end: DrivingError) -> None:
        with self._lock:
            self._end = end
            waiting, self._pending = list(self._pending.values()), {}
        for pending in waiting:
            pending.settle(end)
        if not self._ready.done():
            self._ready.set_exception(end)


def _opened(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream

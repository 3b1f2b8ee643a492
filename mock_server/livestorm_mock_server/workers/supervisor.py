"""Workers side by side, on the same sockets: started, watched, started anew, ended together."""

import asyncio
import contextlib
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator
from typing import NoReturn

import click
import msgspec

from ..parent import Parent
from ..serving import GRACE, Serving, Told, open_app, serve_here
from ..store.protocol import StoreUnavailableError

_SLACK = 2.0
"""Seconds beyond the grace after which a worker is killed."""
_PAUSE = 1.0
"""Seconds between two starts of the same worker, so that one which can't live is no storm."""
Say = Callable[[str], object]

_ENDS = (signal.SIGINT, signal.SIGTERM)


class _Worker:
    """A process that serves; `said` is the end of a pipe that ends with it."""

    def __init__(self, number: int, pid: int, said: int) -> None:
        self.number, self.pid, self.said = number, pid, said
        self.started_at = time.monotonic()
        self.is_ready = False

    def fileno(self) -> int:
        return self.said


class _Supervisor:
    """Keeps so many workers until it is told to end."""

    def __init__(self, serving: Serving, parent: Parent | None, count: int, say: Say) -> None:
        self._serving, self._count, self._say = serving, count, say
        self._selector = selectors.DefaultSelector()
        self._lifeline, self._held = os.pipe()
        """Workers read from it, and end where nobody holds the other end any more."""
        self._signals, signalled = socket.socketpair()
        for end in (self._signals, signalled):
            end.setblocking(False)
        self._signalled = signalled
        self._selector.register(self._signals, selectors.EVENT_READ, self._end)
        if parent is not None:
            self._selector.register(parent, selectors.EVENT_READ, parent)
        self._workers: set[_Worker] = set()
        self._due: dict[int, float] = {}
        """When workers are started anew, by their numbers."""
        self._has_told = False
        self._kill_at: float | None = None

    def run(self) -> None:
        """Supervise until all have ended. Raises SystemExit where one can't even begin."""
        for number in range(1, self._count + 1):
            self._start(number)
        with self._catching_signals():
            while self._workers or (self._due and self._kill_at is None):
                for key, _ in self._selector.select(self._patience()):
                    self._heed(key)
                self._do_what_is_due()

    def close(self) -> None:
        """Let go of what it had to watch and to be told by."""
        self._selector.close()
        for end in (self._signals, self._signalled):
            end.close()
        for descriptor in (self._lifeline, self._held):
            os.close(descriptor)

    @contextlib.contextmanager
    def _catching_signals(self) -> Iterator[None]:
        before = signal.set_wakeup_fd(self._signalled.fileno())
        handlers = {number: signal.signal(number, lambda *_: None) for number in _ENDS}
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            for number, handler in handlers.items():
                signal.signal(number, handler)
            for worker in self._workers:
                os.kill(worker.pid, signal.SIGKILL)

    def _patience(self) -> float | None:
        moments = [*self._due.values(), *([] if self._kill_at is None else [self._kill_at])]
        return max(0.0, min(moments) - time.monotonic()) if moments else None

    def _heed(self, key: selectors.SelectorKey) -> None:
        if isinstance(key.data, _Worker):
            self._hear(key.data)
        elif isinstance(key.data, Parent):
            if key.data.has_ended():
                self._selector.unregister(key.data)
                self._end()
        else:
            self._signals.recv(4096)
            self._end()

    def _hear(self, worker: _Worker) -> None:
        said = os.read(worker.said, 1 << 20)
        if not said:
            self._bury(worker)
            return
        worker.is_ready = True
        if not self._has_told and all(one.is_ready for one in self._workers):
            self._has_told = True
            told = msgspec.json.decode(said, type=Told)
            if told.warning is not None:
                self._say(told.warning)
            click.echo(told.output)

    def _bury(self, worker: _Worker) -> None:
        self._selector.unregister(worker)
        os.close(worker.said)
        self._workers.discard(worker)
        _, status = os.waitpid(worker.pid, 0)
        if self._kill_at is not None:
            return
        what = f"worker {worker.number} (process {worker.pid}) {_told_of(status)}"
        if not self._has_told:
            self._end()
            self._say(f"{what} before it served")
            raise SystemExit(1)
        self._say(f"{what}; another one takes its place")
        self._due[worker.number] = worker.started_at + _PAUSE

    def _do_what_is_due(self) -> None:
        now = time.monotonic()
        if self._kill_at is not None and now >= self._kill_at:
            for worker in self._workers:
                os.kill(worker.pid, signal.SIGKILL)
            self._kill_at = now + _SLACK
        for number in [one for one, at in self._due.items() if now >= at]:
            del self._due[number]
            self._start(number)

    def _end(self) -> None:
        """Ask all to end; asked again, they grant no more grace."""
        self._due.clear()
        if self._kill_at is None:
            self._kill_at = time.monotonic() + GRACE + _SLACK
        for worker in self._workers:
            os.kill(worker.pid, signal.SIGTERM)

    def _start(self, number: int) -> None:
        said, tell = os.pipe()
        # Until the child has its own way to heed them, signals wait.
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
        pid = os.fork()
        if pid == 0:
            os.close(said)
            self._work(tell)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)
        os.close(tell)
        worker = _Worker(number, pid, said)
        self._workers.add(worker)
        self._selector.register(worker, selectors.EVENT_READ, worker)

    def _work(self, tell: int) -> NoReturn:
        """Be a worker, in a process of its own, to its end."""
        status = 1
        try:
            self._let_go()
            self._serve(tell)
            status = 0
        except BaseException as error:  # It must not go on as the supervisor.
            self._say(f"a worker has failed: {error!r}")
        finally:
            # Without what the supervisor does at its end, such as to delete certificates.
            os._exit(status)

    def _serve(self, tell: int) -> None:
        """Serve once the store answers, which it did when the supervisor tried it."""

        def say(told: Told) -> None:
            os.write(tell, msgspec.json.encode(told))

        while True:
            try:
                serve_here(self._serving, Parent(self._lifeline), tell=say, signals=("SIGTERM",))
            except StoreUnavailableError:
                time.sleep(_PAUSE)
            else:
                return

    def _let_go(self) -> None:
        """Forget what is the supervisor's alone."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # A terminal sends it to all at once.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)
        self._selector.close()
        os.close(self._held)
        for worker in self._workers:
            os.close(worker.said)


def _told_of(status: int) -> str:
    """Say how a process ended."""
    code = os.waitstatus_to_exitcode(status)
    return (
        f"ended with status {code}" if code >= 0 else f"was ended by {signal.Signals(-code).name}"
    )


def supervise(serving: Serving, parent: Parent | None, count: int, say: Say) -> None:
    """Have so many workers serve, see `serving.run`; `say` writes a warning to the log at once.

    Raises UnfitStoreError.
    """

    async def try_out() -> None:
        await (await open_app(serving, None)).sandboxes.end()

    with contextlib.closing(serving.listeners):
        asyncio.run(try_out())
        with contextlib.closing(_Supervisor(serving, parent, count, say)) as supervisor:
            supervisor.run()

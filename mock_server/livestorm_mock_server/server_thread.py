"""The server in a thread of its own, beside the program that uses it."""

import asyncio
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import Any, TypeVar
from weakref import WeakSet

from .app import App
from .control_access import ControlAccess
from .doors import Door
from .limits import DEFAULT_LIMITS, Limits
from .listeners import Listeners
from .registration import BY_SCENARIO, Registration
from .sandbox import open_sandbox
from .sandboxes import Sandboxes
from .scenario import Scenario
from .server import Server, new_event_loop
from .uvicorn_hooks import check_uvicorn
from .webhooks.hosts import NO_HOSTS, WebhookHosts

T = TypeVar("T")


class NotStartedError(RuntimeError, AttributeError):
    """The fake does not run, or not in this process.

    It is an AttributeError too, since that is what `hasattr` and `inspect` take for an answer.
    """

    def __init__(
        self, told: str = "the fake is not started; use it in a with block, or call start()"
    ) -> None:
        super().__init__(told)


class ServerThread:
    """A server that accepts connections from the moment it is made, until `stop`.

    The listeners are its own from then on, also where it can't be made. In a fork of the process
    there is no such thread, and so no server. Raises InvalidInputError for a wrong fault, OSError.
    """

    def __init__(
        self,
        scenario: Scenario,
        listeners: Listeners,
        access: ControlAccess | None,
        *,
        limits: Limits = DEFAULT_LIMITS,
        seed: int | str | None = None,
        registration: Registration = BY_SCENARIO,
        webhook_hosts: WebhookHosts = NO_HOSTS,
    ) -> None:
        self._registration, self._webhook_hosts = registration, webhook_hosts
        self._scenario, self._access, self._seed, self._limits = scenario, access, seed, limits
        self._listeners = listeners
        self.addresses, self.port = listeners.addresses, listeners.port
        self._process = os.getpid()
        self._started: Future[tuple[Sandboxes, Server]] = Future()
        self._thread = threading.Thread(target=self._work, name="livestorm-mock", daemon=True)
        self._ending = threading.Lock()
        self._takes_work = True
        try:
            self._loop = new_event_loop()
        except BaseException:
            listeners.close()
            raise
        self._start()

    def _start(self) -> None:
        try:
            self._thread.start()
        except BaseException:
            self._listeners.close()
            self._loop.close()
            raise
        try:
            self.sandboxes, self._server = self._started.result()
        except Exception:
            self._thread.join()
            raise
        _threads.add(self)

    @property
    def is_running(self) -> bool:
        """Tell whether it runs in this process and is not stopped yet."""
        return self._process == os.getpid() and self._thread.is_alive()

    def check_process(self) -> None:
        """See that this is no fork of the server's process. Raises NotStartedError."""
        if self._process != os.getpid():
            raise NotStartedError(
                f"the fake runs in process {self._process}, of which this one is a fork: use its"
                " URLs here, or start another one"
            )

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the server's loop and wait for its result.

        Raises NotStartedError after the stop and in a fork, RuntimeError in the server's thread,
        which would wait for itself.
        """
        try:
            self.check_process()
            if threading.current_thread() is self._thread:
                raise RuntimeError("the fake's own thread can't wait for what it has to do itself")
            with self._ending:
                if not self._takes_work:
                    raise NotStartedError
                future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        except RuntimeError:
            coroutine.close()
            raise
        try:
            return future.result()
        except CancelledError:
            raise NotStartedError from None

    def open_door(self, door: Door) -> None:
        """Let clients in by a further door. Raises NotStartedError; OSError for TLS on Windows."""
        self.run(self._server.open_door(door))

    def close_door(self, door: Door) -> None:
        """Let nobody in by a door any more. Raises NotStartedError."""

        async def close() -> None:
            self._server.close_door(door)

        self.run(close())

    def stop(self) -> None:
        """End the server and its thread; within that thread, without waiting for it."""
        if not self.is_running:
            return
        with suppress(RuntimeError):  # The loop is closed where the thread has ended already.
            self._loop.call_soon_threadsafe(self._server.stop)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def leave(self) -> None:
        """Let go, in a fork, of the sockets that it has inherited; the parent keeps its own.

        As long as the fork had them, no client of the parent's would see its connection end, nor
        that nobody listens any more. The numbers stay taken: what has them here closes them once.
        """
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number in (one.fileno() for one in self._server.sockets()):
            if number >= 0:
                os.dup2(nothing, number, inheritable=False)
        os.close(nothing)

    def _work(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        except BaseException as error:
            if self._started.done():
                raise
            self._started.set_exception(error)
        finally:
            self._listeners.close()
            with self._ending:
                self._takes_work = False
            self._loop.run_until_complete(_give_up())
            self._loop.close()

    async def _serve(self) -> None:
        await check_uvicorn()
        sandbox = await open_sandbox(
            self._scenario,
            seed=self._seed,
            registration=self._registration,
            addresses=self.addresses,
            webhook_hosts=self._webhook_hosts,
        )
        sandboxes = Sandboxes(sandbox)
        server = Server(App(sandboxes, self._access), limits=self._limits)
        await server.begin_on(*self._listeners.doors())
        sandbox.check_doors()
        self._started.set_result((sandboxes, server))
        await server.run_to_end()


async def _give_up() -> None:
    """Cancel what is still being done, for which somebody may wait in another thread."""
    await asyncio.sleep(0)
    unfinished = asyncio.all_tasks() - {asyncio.current_task()}
    for task in unfinished:
        task.cancel()
    await asyncio.gather(*unfinished, return_exceptions=True)


_threads: WeakSet[ServerThread] = WeakSet()
_left: list[ServerThread] = []
"""Those of the parent's: kept in a fork, as to drop them would touch what it shares with it."""


def _leave_all() -> None:
    _left.extend(_threads)
    _threads.clear()
    for thread in _left:
        thread.leave()


if hasattr(os, "register_at_fork"):  # There is no fork on Windows.
    os.register_at_fork(after_in_child=_leave_all)

"""The server in a thread of its own, beside the program that uses it."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from .app import App
from .control_access import ControlAccess
from .limits import DEFAULT_LIMITS, Limits
from .listeners import Listeners
from .sandbox import open_sandbox
from .sandboxes import Sandboxes
from .scenario import Scenario
from .server import Server, new_event_loop
from .uvicorn_hooks import check_uvicorn

T = TypeVar("T")


class NotStartedError(RuntimeError, AttributeError):
    """The fake does not run.

    It is an AttributeError too, since that is what `hasattr` and `inspect` take for an answer.
    """

    def __init__(self) -> None:
        super().__init__("the fake is not started; use it in a with block, or call start()")


class ServerThread:
    """A server that accepts connections from the moment it is made, until `stop`.

    Raises InvalidInputError for a wrong fault.
    """

    def __init__(
        self,
        scenario: Scenario,
        listeners: Listeners,
        access: ControlAccess | None,
        *,
        limits: Limits = DEFAULT_LIMITS,
        seed: int | str | None = None,
    ) -> None:
        self._scenario, self._access, self._seed, self._limits = scenario, access, seed, limits
        self._sockets = listeners.sockets
        self.addresses, self.port = listeners.addresses, listeners.port
        self._loop = new_event_loop()
        self._started: Future[tuple[Sandboxes, Server]] = Future()
        self._thread = threading.Thread(target=self._work, name="livestorm-mock", daemon=True)
        self._thread.start()
        try:
            self.sandboxes, self._server = self._started.result()
        except Exception:
            self._thread.join()
            raise

    @property
    def is_running(self) -> bool:
        """Tell whether it is not stopped yet."""
        return self._thread.is_alive()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the server's loop and wait for its result.

        Raises NotStartedError after the stop.
        """
        if not self.is_running:
            coroutine.close()
            raise NotStartedError
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def stop(self) -> None:
        """End the server and its thread."""
        with suppress(RuntimeError):  # The loop is closed where the thread has ended already.
            self._loop.call_soon_threadsafe(self._server.stop)
        self._thread.join()

    def _work(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        except BaseException as error:
            if self._started.done():
                raise
            self._started.set_exception(error)
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        await check_uvicorn()
        sandbox = await open_sandbox(self._scenario, seed=self._seed, addresses=self.addresses)
        sandboxes = Sandboxes(sandbox)
        server = Server(App(sandboxes, self._access), limits=self._limits)
        asyncio.get_running_loop().call_soon(self._started.set_result, (sandboxes, server))
        await server.run_on(*self._sockets)

"""Sending to one server: once more where that may help, and not before it allows it."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import isawaitable

import httpx

from .answer import Answer
from .errors import LivestormError, RateLimited, RetryLater, TransportError
from .pacing import WINDOW, Budget, Gate
from .wire import Transport, send

HEADERS = {"Accept-Encoding": "identity", "User-Agent": "livestorm-client"}
REPEATABLE = (TransportError, RetryLater)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sender:
    """Sends the requests to one server; they all wait when it asks for a pause.

    `gate` holds them back; `timeout` bounds each, in seconds. `clock` gives Unix seconds. The
    `client_secret` is masked in what is shown of any answer.
    """

    gate: Gate
    timeout: float
    clock: Callable[[], float]
    sleep: Callable[[float], object]
    transport: Transport
    client_secret: str | None

    async def send(
        self,
        request: httpx.Request,
        secrets: tuple[str | None, ...],
        budget: Budget,
        repeats: int,
        repeat_after: tuple[type[LivestormError], ...] = REPEATABLE,
    ) -> Answer:
        """Send until there is an answer, pausing as the server asks, or for a back-off.

        The `secrets` are masked in what is shown of it, too. Raises the last failure when it is not
        one to `repeat_after`, or the budget is used up.
        """
        while True:
            await self._pass(budget)
            sent_at = self.clock()
            try:
                received = await send(self.transport, request, self.timeout)
                answer = Answer(*received, sent_at, (self.client_secret, *secrets))
                if answer.headers.get("ratelimit-interval-remaining") == "0":
                    self.gate.pause(WINDOW)
                answer.check_available(self.clock())
                return answer
            except (TransportError, RetryLater) as error:
                failure = error
            pause = failure.retry_after or budget.back_off()
            asked = failure.retry_after is not None or isinstance(failure, RateLimited)
            if asked:
                self.gate.pause(pause)
            repeats -= 1
            may_repeat = repeats >= 0 and isinstance(failure, repeat_after)
            if not may_repeat or pause > budget.seconds or not budget.spend_request():
                raise failure
            if not asked:
                await self._wait(pause, budget)

    async def _pass(self, budget: Budget) -> None:
        """Wait for one's turn; RateLimited when that takes longer than the budget allows."""
        while True:
            pauses, wait = self.gate.pauses, self.gate.reserve(budget.seconds)
            if wait > budget.seconds:
                raise RateLimited("the server asked for a pause", retry_after=wait)
            if wait:
                await self._wait(wait, budget)
                self.gate.pass_on(pauses)
            if not wait or self.gate.pauses == pauses:
                return

    async def _wait(self, seconds: float, budget: Budget) -> None:
        budget.seconds -= seconds
        waiting = self.sleep(seconds)
        if isawaitable(waiting):
            await waiting

"""One case: a sandbox of its own, a client in it, and evidence of what the client does."""

import unittest
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .adapter import Adapter, Kind, Result, SeedToken
from .answer import Answer, Phase
from .control import ControlAPI, Sandbox, TokenPair
from .evidence import Evidence, Operation
from .sandbox_clock import SandboxClock


class Unsupported(unittest.SkipTest):
    """The client does not offer what the case needs; pytest skips the test."""


class Case:
    """The operations of a client, watched from both sides."""

    def __init__(self, sandbox: Sandbox, adapter: Adapter) -> None:
        self._sandbox = sandbox
        self._adapter = adapter
        self._clock = SandboxClock(sandbox)
        self._faults: list[dict[str, object]] = []
        self._mark = 0
        adapter.configure(sandbox.config, self._clock)

    def seed(
        self, *, expired: bool = False, refreshable: bool = True, scope: str | None = None
    ) -> TokenPair:
        """Give the client a pair that the fake has issued, for another two hours or none."""
        issued = self._sandbox.issue_tokens()
        if expired:
            self._sandbox.expire_token(issued["access_token"])
        self._adapter.seed(
            SeedToken(
                access_token=issued["access_token"],
                refresh_token=issued["refresh_token"] if refreshable else None,
                expires_at=self._clock.now() + (-1 if expired else 7200),
                scope=scope or issued["scope"],
            )
        )
        return issued

    def arm(
        self, on: str, answer: Answer, *, times: int | None = None, phase: Phase = "before"
    ) -> None:
        """Have the fake give this answer, for ever or so many times; armed first, given first."""
        fault = answer.as_fault(on, times=times, phase=phase)
        self._sandbox.arm(fault)
        self._faults.append(fault)

    def disarm(self) -> None:
        """Lift all faults."""
        self._sandbox.disarm()
        self._faults.clear()

    def let_pass(self, seconds: float | None) -> None:
        """Let time pass, none where it is None."""
        self._clock.sleep(seconds or 0)

    def connect(self) -> Evidence:
        """Have the user approve, and hand the callback to the client."""
        begun = self._adapter.begin()
        if begun.kind is Kind.UNSUPPORTED or begun.authorize_url is None:
            raise Unsupported("not supported: op begin")
        url = self._sandbox.authorize(begun.authorize_url)
        return self._watch(Operation.CALLBACK, lambda: self._adapter.callback(url))

    def refresh(self) -> Evidence:
        """Have the client refresh."""
        return self._watch(Operation.REFRESH, self._adapter.refresh)

    def call(self, path: str = "/me") -> Evidence:
        """Have the client call the API."""
        return self._watch(Operation.CALL, lambda: self._adapter.call(path))

    def _watch(self, operation: Operation, run: Callable[[], Result]) -> Evidence:
        before = self._adapter.state()
        self._clock.waited = 0.0
        result = run()
        exchanges = self._sandbox.read_journal(since=self._mark)
        self._mark += len(exchanges)
        if result.kind is Kind.UNSUPPORTED:
            raise Unsupported(f"not supported: op {operation}")
        return Evidence(
            operation=operation,
            result=result,
            exchanges=exchanges,
            before=before,
            after=self._adapter.state(),
            waited=self._clock.waited,
            faults=tuple(self._faults),
        )


@contextmanager
def open_case(server: ControlAPI, adapter: Adapter) -> Iterator[Case]:
    """Open a sandbox without rate limits, and configure the client for it."""
    sandbox = server.open_sandbox(provider={"rate_limits": False})
    try:
        case = Case(sandbox, adapter)
        try:
            yield case
        finally:
            adapter.end_case()
    finally:
        sandbox.close()

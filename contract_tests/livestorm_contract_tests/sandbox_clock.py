"""A sandbox's clock as the client's own."""

from .control import Sandbox


class SandboxClock:
    """Time that stands still unless somebody sleeps; `waited` counts the seconds slept."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._now = sandbox.freeze_clock()
        self.waited = 0.0

    def now(self) -> float:
        """Give the sandbox's time in Unix seconds."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Move the sandbox's time instead of waiting."""
        self.waited += seconds
        self._now = self._sandbox.advance_clock(seconds)

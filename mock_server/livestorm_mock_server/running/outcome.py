"""How a run came out."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from ..audit.finding import Finding, Severity
from ..interception.way import Attempt, Process

NOT_REACHED: Final = 4
"""Also of a command that ended well."""
FOUND: Final = 5
NOT_STARTED: Final = (126, 127)
"""As a shell has it for what can't be executed, and for what is not there."""

_FAILING: Final[dict[Severity, tuple[Severity, ...]]] = {
    "error": ("error",),
    "warning": ("error", "warning"),
    "note": ("error", "warning", "note"),
}


class Outcome(Struct, frozen=True, kw_only=True):
    """What the command did; `status` is its own exit status."""

    status: int
    visits: Mapping[tuple[Process | None, str], int]
    """Requests by process and by how they were intercepted."""
    failures: Mapping[str, int]
    """Connections to the fake without a request, by their reason."""
    refusals: Mapping[str, int]
    """What the fake refused, and why."""
    attempts: Sequence[Attempt]
    notes: Sequence[str]
    is_sure: bool = True
    """Whether all attempts that may have meant Livestorm were seen."""
    findings: Sequence[Finding]
    fail_on: Severity | None

    @property
    def was_started(self) -> bool:
        """Whether there was a command that could have asked for anything."""
        return self.status not in NOT_STARTED

    @property
    def meant_the_real_hosts(self) -> bool:
        """Whether something tried to reach Livestorm itself."""
        return any(one.is_real for one in self.attempts)

    @property
    def has_failing_findings(self) -> bool:
        """Whether the audit found something of the severity that fails."""
        failing = () if self.fail_on is None else _FAILING[self.fail_on]
        return any(one.severity in failing for one in self.findings)

    @property
    def exit_status(self) -> int:
        """The command's own, but for what it may not hide; a failure of its own stays."""
        if self.meant_the_real_hosts or not self.is_sure:
            return NOT_REACHED
        if self.status:
            return self.status
        if not self.visits:
            return NOT_REACHED
        return FOUND if self.has_failing_findings else 0

"""A rule of the audit, and what it notices."""

from collections.abc import Callable, Iterable

import msgspec

from .finding import Finding, Severity
from .sent import Sent
from .traffic import Traffic

Noticed = Iterable[tuple[str, list[Sent]]]
"""Messages with the requests that show it; those of one message become one finding."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What a client must not do, and how it is noticed."""

    id: str
    severity: Severity
    reference: str
    wrong: str
    """What the client does wrong, for the documentation."""
    notice: Callable[[Traffic], Noticed]

    def findings(self, traffic: Traffic) -> list[Finding]:
        """Give a finding for each message."""
        seqs_of: dict[str, set[int]] = {}
        for message, sent in self.notice(traffic):
            seqs_of.setdefault(message, set()).update(one.seq for one in sent)
        return [
            Finding(
                rule=self.id,
                severity=self.severity,
                message=message,
                reference=self.reference,
                exchanges=tuple(sorted(seqs)),
            )
            for message, seqs in seqs_of.items()
        ]

"""A finding of the audit."""

from typing import Literal

import msgspec

Severity = Literal["error", "warning", "note"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a client did wrong, with the numbers of the exchanges that show it."""

    rule: str
    severity: Severity
    message: str
    """It never holds more than the first characters of a secret."""
    reference: str
    """The section that the client offends against."""
    exchanges: tuple[int, ...]

    def as_json(self) -> dict[str, object]:
        """Give the shape of `GET /_mock/audit`."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "message": self.message,
            "reference": self.reference,
            "exchanges": list(self.exchanges),
        }

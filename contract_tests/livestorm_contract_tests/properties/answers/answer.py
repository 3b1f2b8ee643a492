"""An HTTP answer that the fake is told to give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ...steps.bodies import body_keys

Phase: TypeAlias = Literal["before", "after"]

_WITHOUT_BODY = (204, 304)
"""The fake sends no body with these, and refuses to be told one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer; without `content_type` it has no such header."""

    status: int
    content_type: str | None = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def as_fault(
        self, on: str, *, times: int | None = None, phase: Phase = "before"
    ) -> dict[str, object]:
        """Give the keys of `POST /_mock/faults` for `times` such answers, None for ever."""
        keys = {
            "on": on,
            "fault": "answer",
            "phase": phase,
            "times": times,
            "status": self.status,
            "content_type": self.content_type,
            "headers": dict(self.headers),
            **body_keys(b"" if self.status in _WITHOUT_BODY else self.body),
        }
        return {name: value for name, value in keys.items() if value is not None}

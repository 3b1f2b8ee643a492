"""What is asked of `run`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ..audit.finding import Severity

Isolation = Literal["auto", "always", "never"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """The options of the command line."""

    command: tuple[str, ...]
    scenario: str = "happy_path"
    options: dict[str, object] = field(default_factory=dict)
    """Of the provider, instead of the scenario's."""
    registration: dict[str, object] = field(default_factory=dict)
    """How the client is registered, as the options say it."""
    seed: str | None = None
    isolate: Isolation = "auto"
    allowed: tuple[str, ...] = ()
    """`host:port` of what the command may reach beside the fake."""
    fail_on: Severity | None = None
    report: Path | None = None

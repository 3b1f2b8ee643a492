"""What is asked of `run`."""

from pathlib import Path
from typing import Literal

from msgspec import Struct

from ..audit.finding import Severity

Isolation = Literal["auto", "always", "never"]


class Wanted(Struct, frozen=True, kw_only=True):
    """The options of the command line."""

    command: tuple[str, ...]
    scenario: str = "happy_path"
    options: dict[str, object] = {}
    """Of the provider, instead of the scenario's."""
    registration: dict[str, object] = {}
    """How the client is registered, as the options say it."""
    seed: str | None = None
    isolate: Isolation = "auto"
    allowed: tuple[str, ...] = ()
    """`host:port` of what the command may reach beside the fake."""
    webhook_hosts: tuple[str, ...] = ()
    """Where webhooks may go beside the loopback."""
    fail_on: Severity | None = None
    report: Path | None = None

"""How a run is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What all cases of a run share."""

    seed: str
    strict: bool = False
    workers: int = 8
    """How many cases run side by side, each with a process of its own."""
    provider: Mapping[str, object] = field(default_factory=dict)
    """Provider options for every case that does not set them itself."""
    patience: float = 1.0
    """The factor of the seconds that a client may take that hangs; for the suite's own tests."""

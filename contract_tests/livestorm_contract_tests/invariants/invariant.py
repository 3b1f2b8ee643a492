"""An invariant: what must hold after every operation, whatever the server answers."""

from collections.abc import Callable
from dataclasses import dataclass

from .history import History


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """What is required, in one sentence, and how it is judged."""

    name: str
    requirement: str
    applies: Callable[[History], bool]
    """Tells whether what has happened was an occasion to break it."""
    judge: Callable[[History], str | None]
    """Says what does not hold, None where all does."""

"""A case: one requirement on a client, and how it is put to the test."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from .behaviours import LEVELS
from .stage import Stage
from .verdicts import Level

Play = Callable[[Stage], None]
"""Drives the client on a stage, and makes the checks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way to put a case to the test, on a stage of its own."""

    name: str = ""
    play: Play | None = None
    """What is done in this variant, where that isn't the same in all."""
    provider: Mapping[str, object] = field(default_factory=dict)
    """Provider options that replace the case's."""
    credentials_hold: str = ""
    """Characters that the client's id and secret have beside random ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row of the catalogue.

    `play` drives the client on a stage and makes the checks, whose names and requirements stand
    in `checks`; or each of the `variants` has a play of its own. `needs` are operations and
    features without which the case is not supported: `callback`, `on_401`, `persist=file`,
    `parallel_calls>=5`.
    """

    id: str
    name: str
    """The group and what happens, `exchange/jsonapi-error`, for reports."""
    level: Level
    severity: int
    """1: security hole, lock-out or loss; 2: the integration stops; 3: a wrong error; 4: looks."""
    requirement: str
    """What a correct client does, in one sentence."""
    source: str
    """The section of an RFC, or the issue in which a client got it wrong."""
    injects: str
    """What the fake does."""
    observes: str
    """Where the evidence comes from."""
    checks: Mapping[str, str]
    """The name of each check, with what it requires."""
    play: Play | None = None
    """What is done in each variant, unless each has a play of its own."""
    needs: Sequence[str] = ()
    levels: Mapping[str, Level] = field(default_factory=dict)
    """The level of a check that no other case judges, where it is not that of the case.

    What several cases judge has its level in `behaviours.py`.
    """
    scenario: str = "happy_path"
    """What the provider starts from."""
    provider: Mapping[str, object] = field(default_factory=dict)
    """Provider options that replace the scenario's."""
    max_wait_ms: int = 10_000
    """The most that one operation of the client may spend waiting."""
    variants: Sequence[Variant] = (Variant(),)
    left_out: Sequence[str] = ()
    """The names of variants that are not run, where a run asks for fewer than there are."""
    is_slow: bool = False
    """Whether it takes many seconds with any client; a run begins with such cases."""

    def level_of(self, check: str) -> Level:
        """Give the level of one of the checks: that of its behaviour, or the case's own."""
        own = self.levels.get(check, self.level)
        return LEVELS.get(f"{self.id}:{check}", own)

    def play_of(self, variant: Variant) -> Play:
        """Give what is done in one of the variants. Raises LookupError where nothing is."""
        play = variant.play or self.play
        if play is None:
            raise LookupError(f"{self.id} has no play")
        return play

"""A requirement that a client broke."""

from enum import StrEnum

from .evidence import Evidence


class Invariant(StrEnum):
    """What holds after every operation, whatever the server answers."""

    NO_PHANTOM_TOKEN = "INV-1"
    REFRESH_TOKEN_CONSERVATION = "INV-2"
    BOUNDEDNESS = "INV-4"
    CLASSIFICATION = "INV-7"


class Violation(AssertionError):
    """A broken requirement in one sentence, and the evidence."""

    def __init__(self, invariant: Invariant, requirement: str, evidence: Evidence) -> None:
        super().__init__(f"{invariant}: {requirement}\n{evidence}")
        self.invariant = invariant
        self.requirement = requirement
        self.evidence = evidence

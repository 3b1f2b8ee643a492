"""The three operations that need a server, for cases in which each of them meets a fault."""

from enum import StrEnum

from ..driving.messages import DEADLINE_MS
from ..driving.outcome import Outcome
from ..suite.stage import Stage
from .pauses import when_free


class Operation(StrEnum):
    """What a client is told to do."""

    CALL = "call"
    REFRESH = "refresh"
    EXCHANGE = "exchange"

    @property
    def endpoint(self) -> str:
        """The label of the endpoint that it needs."""
        return {
            Operation.CALL: "api",
            Operation.REFRESH: "token.refresh_token",
            Operation.EXCHANGE: "token.authorization_code",
        }[self]


def perform(stage: Stage, operation: Operation, *, deadline_ms: float = DEADLINE_MS) -> Outcome:
    """Have the client do it. Raises Unsupported."""
    if operation is Operation.CALL:
        return stage.client.call(deadline_ms=deadline_ms)
    if operation is Operation.REFRESH:
        return stage.client.refresh(deadline_ms=deadline_ms)
    return stage.client.connect(deadline_ms=deadline_ms)


def perform_when_free(stage: Stage, operation: Operation) -> Outcome:
    """Have the client do it, and once more where it still pauses after a failure."""
    outcome = perform(stage, operation)
    return when_free(stage, outcome, lambda: perform(stage, operation))

"""F06: clients that don't look at what is left of the second."""

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, ModelClient, User


class SeesNoRemaining(ModelClient):
    """Waits only after a 429."""

    def heed_limits(self, user: User, answer: Answer) -> None:
        """Read no header."""


class TakesNoneLeftForAnError(ModelClient):
    """Gives a good answer away because it was the last."""

    def heed_limits(self, user: User, answer: Answer) -> None:
        """Raise instead of remembering."""
        if answer.headers.get("ratelimit-interval-remaining") == "0":
            raise Failure(Kind.PROTOCOL_ERROR, "no requests left", status=answer.status)


def test_client_that_runs_into_the_limit_is_found(put: Put) -> None:
    """The journal has 429s."""
    assert failed(put("F06", SeesNoRemaining)) == {"paced"}


def test_success_given_away_is_found(put: Put) -> None:
    """The calls must succeed."""
    assert failed(put("F06", TakesNoneLeftForAnError)) == {"paced", "recovers"}

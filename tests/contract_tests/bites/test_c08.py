"""C08: clients that expect a text."""

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, ModelClient


class NamesEachAlike(ModelClient):
    """Has one exception for all refusals, without the code."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Forget the code."""
        del answer, members
        return Failure(Kind.BUG, "[object Object]")


def test_unreadable_error_is_found(put: Put) -> None:
    """Kind and text show it."""
    assert failed(put("C08", NamesEachAlike)) == {"kind", "readable"}

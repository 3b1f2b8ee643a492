"""What a client does or leaves is never an error of the suite."""

from typing import Any, ClassVar

import pytest
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.suite.verdicts import Verdict

from .bites.play import put
from .bites.table import Bite
from .model_client.operations import Operations
from .model_client.part import Part
from .model_client.sending import Sending
from .model_client.values import Answer, Message

ASKING = ("callback", "call", "refresh", "list")


class SendsNothing(Operations):
    """Reports a success at once."""

    kind: ClassVar[Kind] = Kind.OK

    def command(self, message: Message) -> Message:
        """Do nothing that needs a server."""
        if message.get("op") not in ASKING:
            return super().command(message)
        one = {"kind": self.kind}
        return {**one, "results": [one] * (message.get("parallel") or 1), "ids": []}


class NeverFindsTime(SendsNothing):
    """Puts everything off."""

    kind = Kind.RETRY_LATER


class SendsAllThrice(Sending):
    """Sends each request three times."""

    def send(self, method: str, url: str, *, headers: dict[str, str], **content: Any) -> Answer:
        """Take the last answer."""
        for _ in range(2):
            super().send(method, url, headers=dict(headers), **content)
        return super().send(method, url, headers=headers, **content)


QUICK = sorted(name for name, case in all_cases().items() if not case.is_slow)


@pytest.mark.parametrize("client", [SendsNothing, NeverFindsTime])
@pytest.mark.parametrize("case", sorted(all_cases()))
def test_client_that_sends_nothing_is_judged(case: str, client: type[Part]) -> None:
    """There is a verdict on it, whatever a case looks for."""
    result = put(case, Bite(client))
    assert result.verdict is not Verdict.ERROR, result.reason


@pytest.mark.parametrize("case", QUICK)
def test_client_that_sends_too_much_is_judged(case: str) -> None:
    """There is a verdict on it, whatever a case looks for."""
    result = put(case, Bite(SendsAllThrice))
    assert result.verdict is not Verdict.ERROR, result.reason

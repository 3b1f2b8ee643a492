"""What the fixed scripts of the properties are made of."""

from typing import Final

from livestorm_contract_tests.properties.answers.answer import Answer
from livestorm_contract_tests.properties.answers.oddities import dump
from livestorm_contract_tests.properties.answers.token_answers import GOOD_MEMBERS
from livestorm_contract_tests.properties.script import Arm

GRANTED: Final = Answer(status=200, body=dump(dict(GOOD_MEMBERS)))
BUSY: Final = Answer(status=502)
LIMITED: Final = Answer(status=429, headers={"Retry-After": "1"})


def armed(answer: Answer, on: str, times: int | None = None) -> Arm:
    """Have a part of the provider give an answer."""
    return Arm(fault=answer.as_fault(on, times=times))

"""What a client does or leaves undone is never an ERROR of the suite."""

from collections.abc import Sequence

import pytest
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.jobs import run_cases
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict

from .bites.play import started
from .bites.shared.heedless import (
    BeginsElsewhere,
    BeginsWithNoUrl,
    SaysOddValues,
    SaysOk,
    SendsOnce,
    SendsThrice,
    says,
)
from .bites.table import Bite
from .model_client.part import Part
from .some_cases import some_of

PATIENCE = 0.05
"""Nothing is waited for that does not come."""

NOT_SAID = (Kind.TRANSPORT_ERROR, Kind.FAILED, Kind.UNSUPPORTED)
"""Of these nothing is known: no fake was reached, it was not declared, it is not offered."""
THOROUGH = [SaysOk, SendsOnce, SendsThrice]
"""Who sends nothing, too little and too much."""
OTHERS = [
    *(says(one) for one in Kind if one not in (Kind.OK, *NOT_SAID)),
    BeginsElsewhere,
    BeginsWithNoUrl,
    SaysOddValues,
]
"""Who says something, whatever it did: a reply is read in one place for all cases."""
CHAPTERS = {one[0]: [case for case in all_cases() if case[0] == one[0]] for one in all_cases()}
"""The cases, by the letter of their ids."""
IN_A_PROCESS = ("H01", "J01", "J02", "J06")
"""What kills the client, or looks at what it prints."""


def errors(client: type[Part], cases: Sequence[str], *, apart: bool) -> dict[str, str | None]:
    """Play all variants of cases; give those that end with an ERROR, with the reason."""
    settings = Settings(seed="heedless", patience=PATIENCE)
    bite = Bite(client, apart=apart)
    _, results = run_cases([all_cases()[one] for one in cases], lambda: started(bite), settings)
    return {one.case.id: one.reason for one in results if one.verdict is Verdict.ERROR}


@pytest.mark.parametrize("client", THOROUGH)
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_case_judges_a_heedless_client(chapter: str, client: type[Part]) -> None:
    """Nothing, too little and too much having been sent, each variant ends with a verdict."""
    cases = some_of(CHAPTERS[chapter], THOROUGH.index(client))
    assert errors(client, cases, apart=False) == {}


@pytest.mark.parametrize("number", range(len(OTHERS)))
def test_cases_judge_a_client_that_says_anything(number: int) -> None:
    """Whatever is said without a request, or begun elsewhere, ends with a verdict."""
    cases = some_of(list(all_cases()), number, of=len(OTHERS))
    assert errors(OTHERS[number], cases, apart=False) == {}


@pytest.mark.parametrize("client", THOROUGH)
def test_process_of_a_heedless_client_is_judged(client: type[Part]) -> None:
    """The cases that need a process of the client end with a verdict, too."""
    cases = some_of(IN_A_PROCESS, THOROUGH.index(client), of=len(THOROUGH))
    assert errors(client, cases, apart=True) == {}

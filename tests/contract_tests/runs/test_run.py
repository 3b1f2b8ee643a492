"""What the exit status of a run says."""

import pytest
from livestorm_contract_tests.driving.messages import Ready
from livestorm_contract_tests.driving.under_test import REFERENCE
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.run import Run, Score
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict


def run_of(*results: CaseResult) -> Run:
    """Make a run that is over."""
    return Run(
        client=REFERENCE, ready=Ready(protocol=1), settings=Settings(seed="7"), results=results
    )


def ended(verdict: Verdict, *, is_broken: bool = False) -> CaseResult:
    """Make the result of a case."""
    return CaseResult(case=all_cases()["C09"], verdict=verdict, is_broken=is_broken)


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        ([Verdict.PASS, Verdict.WARN, Verdict.SKIP, Verdict.XFAIL, Verdict.FLAKY], 0),
        ([Verdict.SKIP], 0),
        ([Verdict.PASS, Verdict.FAIL], 1),
        ([Verdict.PASS, Verdict.HANG], 1),
        ([Verdict.PASS, Verdict.CRASH], 1),
        ([Verdict.PASS, Verdict.XPASS], 1),
        ([Verdict.PASS, Verdict.ERROR], 1),
        ([Verdict.ERROR], 2),
        ([Verdict.ERROR, Verdict.SKIP], 2),
    ],
)
def test_status_follows_from_the_verdicts(verdicts: list[Verdict], status: int) -> None:
    """What failed is 1; where nothing came but ERRORs nothing is known, and it is 2."""
    assert run_of(*map(ended, verdicts)).exit_status == status


@pytest.mark.parametrize(
    ("verdicts", "unknown"),
    [
        ([Verdict.ERROR, Verdict.SKIP], True),
        ([Verdict.ERROR], True),
        ([Verdict.SKIP], False),
        ([Verdict.ERROR, Verdict.XFAIL], False),
        ([Verdict.ERROR, Verdict.PASS], False),
    ],
)
def test_nothing_is_known_where_all_that_was_put_to_it_broke(
    verdicts: list[Verdict], unknown: bool
) -> None:
    """What was skipped tells nothing of a client."""
    assert run_of(*map(ended, verdicts)).nothing_is_known is unknown


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((12, 42, 0, 46), "12 of 42 passed, 4 not judged"),
        ((12, 40, 2, 46), "12 of 40 passed, 2 expected to fail, 4 not judged"),
        ((42, 42, 0, 42), "42 of 42 passed"),
        ((0, 0, 3, 3), "3 expected to fail"),
        ((0, 0, 3, 10), "3 expected to fail, 7 not judged"),
        ((0, 0, 0, 10), "none of 10 judged"),
    ],
)
def test_score_says_what_its_numbers_count(counts: tuple[int, int, int, int], told: str) -> None:
    """At first sight; what failed as the baseline expects was run, and is told apart."""
    passed, judged, expected, total = counts
    assert str(Score(passed=passed, judged=judged, expected=expected, total=total)) == told


def test_broken_adapter_outweighs_what_failed() -> None:
    """An adapter that failed itself is 2, whatever the other cases came to."""
    broken = ended(Verdict.ERROR, is_broken=True)
    assert run_of(ended(Verdict.FAIL), broken).exit_status == 2

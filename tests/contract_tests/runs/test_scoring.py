"""What a frozen set scores: whatever a newer suite judges beyond it costs nobody a green build."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_contract_tests.driving.messages import Ready
from livestorm_contract_tests.driving.under_test import InProcessClient
from livestorm_contract_tests.report.findings import missed
from livestorm_contract_tests.report.grouping import causes_of
from livestorm_contract_tests.runs.baseline import Baseline, with_failures
from livestorm_contract_tests.runs.catalogue import all_cases_and_properties
from livestorm_contract_tests.runs.jobs import jobs_of
from livestorm_contract_tests.runs.plan import Plan
from livestorm_contract_tests.runs.requirements import Frozen, Requirements, newest
from livestorm_contract_tests.runs.run import Run, run_plan
from livestorm_contract_tests.runs.scoring import scored
from livestorm_contract_tests.suite.case_result import CaseResult, merged
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import BAD, CheckResult, Level, Verdict, worst

from ..bites.c09 import SendsTheCodeAgain
from ..model_client.client import ModelClient

CASE = all_cases_and_properties()["C09"]
READY = Ready(protocol=1, ops=("begin", "callback"))
FROZEN = newest().cases["C09"]
BITTEN = "C09:code-once"


def set_with(frozen: Frozen | None) -> Requirements:
    """Give a set that has this of C09, or nothing."""
    rest = {name: one for name, one in newest().cases.items() if name != "C09"}
    cases = rest if frozen is None else {**rest, "C09": frozen}
    return msgspec.structs.replace(newest(), name="old", cases=cases)


def without(check: str) -> Frozen:
    """Give what is frozen of C09, but for a check."""
    left = {
        level: tuple(one for one in getattr(FROZEN, level) if one != check)
        for level in ("must", "should", "robust")
    }
    return msgspec.structs.replace(FROZEN, **left)


OLDER = {
    "no such case": None,
    "no such check": without("code-once"),
    "no such variants": msgspec.structs.replace(FROZEN, variants=("another",)),
    "not for such clients": msgspec.structs.replace(FROZEN, needs=("parallel_calls>=999",)),
}
"""Sets by which a client that sends a code again does nothing wrong."""


def run_bitten(requirements: Requirements, *, strict: bool = False) -> Run:
    """Put C09 to a client that sends the code again."""
    settings = Settings(seed="7", strict=strict, workers=1)
    client = InProcessClient(name="bitten", make=lambda: ModelClient(SendsTheCodeAgain))
    jobs = jobs_of([replace(CASE, variants=CASE.variants[:1])], settings)
    return run_plan(Plan(client=client, jobs=jobs, settings=settings, requirements=requirements))


def test_what_the_set_has_fails() -> None:
    """The other way round: the same client is no good one."""
    run = run_bitten(newest())
    assert (run.exit_status, missed(run)) == (1, [])
    assert causes_of(run)


@pytest.mark.parametrize("older", OLDER)
def test_what_is_newer_than_the_set_is_shown_and_fails_nothing(older: str) -> None:
    """A case, a check, a variant, a demand on other clients: each is named as not met."""
    run = run_bitten(set_with(OLDER[older]))
    assert run.exit_status == 0
    assert missed(run) == [BITTEN]
    assert causes_of(run) == []
    assert with_failures(Baseline(), run.results).entries == ()


@pytest.mark.parametrize(("strict", "verdict"), [(False, Verdict.WARN), (True, Verdict.FAIL)])
def test_level_that_became_stricter_counts_as_it_was(strict: bool, verdict: Verdict) -> None:
    """What only should be by the set is a warning, whatever it is today."""
    older = msgspec.structs.replace(without("code-once"), should=("code-once",))
    (result,) = run_bitten(set_with(older), strict=strict).results
    assert result.verdict is verdict
    assert [one.level for one in result.checks if one.check == BITTEN] == [Level.SHOULD]


def test_level_that_became_looser_is_todays() -> None:
    """What was demanded by mistake costs nobody anything any more."""
    check = CheckResult(check=BITTEN, level=Level.SHOULD, verdict=Verdict.WARN, requirement="x")
    result = CaseResult(case=CASE, verdict=Verdict.WARN, checks=[check])
    assert scored(result, FROZEN.variants[0], newest(), READY, strict=False) == result


def test_property_that_draws_more_is_not_scored() -> None:
    """What can be drawn has a number, which a set freezes."""
    case = all_cases_and_properties()["P01"]
    older = msgspec.structs.replace(newest().cases["P01"], draws=0)
    requirements = msgspec.structs.replace(newest(), cases={"P01": older})
    result = CaseResult(case=case, verdict=Verdict.FAIL)
    able = Ready(protocol=1, ops=("begin", "callback", "seed", "state"))
    assert not scored(result, "", requirements, able, strict=False).scored
    assert scored(result, "", newest(), able, strict=False).scored


def test_end_of_a_variant_that_counts_counts() -> None:
    """A hang has no checks to be left out."""
    result = CaseResult(case=CASE, verdict=Verdict.HANG)
    assert scored(result, FROZEN.variants[0], newest(), READY, strict=False).fails


CHECKS = st.builds(
    CheckResult,
    check=st.sampled_from(("C09:kind", "C09:code-once")),
    level=st.just(Level.MUST),
    verdict=st.sampled_from((Verdict.PASS, Verdict.WARN, Verdict.FAIL)),
    requirement=st.just("x"),
    scored=st.booleans(),
)


@given(st.lists(st.tuples(st.lists(CHECKS), st.booleans()), min_size=1, max_size=4))
def test_variants_that_count_decide(variants: list[tuple[list[CheckResult], bool]]) -> None:
    """Put together, a case fails where one of them fails, and misses what any other does."""
    results = [
        CaseResult(
            case=CASE,
            verdict=worst([Verdict.PASS, *(one.verdict for one in checks if one.scored)]),
            checks=[one if counts else replace(one, scored=False) for one in checks],
            scored=counts,
        )
        for checks, counts in variants
    ]
    whole = merged(results)
    assert whole.fails == any(one.fails for one in results)
    for check in (one for result in results for one in result.checks if one.verdict in BAD):
        known = [one for one in whole.checks if one.check == check.check]
        assert worst(one.verdict for one in known) is worst(
            [check.verdict, *(one.verdict for one in known)]
        )

"""A plan counts what it will do before it is carried out."""

from collections.abc import Mapping, Sequence

import pytest
from livestorm_contract_tests.driving.under_test import REFERENCE
from livestorm_contract_tests.runs.catalogue import all_cases_and_properties
from livestorm_contract_tests.runs.jobs import jobs_of
from livestorm_contract_tests.runs.plan import Plan
from livestorm_contract_tests.suite.settings import Settings

SETTINGS = Settings(seed="plan")
ONE = [{"rotation": "never"}]
TWO = [*ONE, {"token_format": "jwt"}]


def plan_of(*ids: str, core_under: Sequence[Mapping[str, object]] = ()) -> Plan:
    """Plan some cases."""
    jobs = jobs_of([all_cases_and_properties()[one] for one in ids], SETTINGS)
    return Plan(client=REFERENCE, jobs=jobs, settings=SETTINGS, core_under=core_under)


def test_case_with_several_variants_is_one_case_of_the_plan() -> None:
    """C09 has a job for each of its variants, and counts once."""
    plan = plan_of("C09")
    assert len(plan.jobs) == len(all_cases_and_properties()["C09"].variants) > 1
    assert plan.total == 1


@pytest.mark.parametrize(
    ("ids", "core_under", "total"),
    [
        (["C09", "H01"], [], 2),
        (["C09", "H01"], ONE, 3),
        (["C09", "H01"], TWO, 4),
        (["H01", "P01"], TWO, 2),
    ],
)
def test_core_alone_counts_again_under_each_value(
    ids: list[str], core_under: Sequence[Mapping[str, object]], total: int
) -> None:
    """C09 is of the core and is run once more for each value; H01 and P01 are not."""
    assert plan_of(*ids, core_under=core_under).total == total


def test_property_is_one_job() -> None:
    """What is drawn is drawn by one worker."""
    assert len(plan_of("P01").jobs) == 1

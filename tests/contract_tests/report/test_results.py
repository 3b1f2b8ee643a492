"""The canonical report."""

import json

import msgspec
from livestorm_contract_tests.report.results import Results, read_results, write_json
from livestorm_contract_tests.suite.verdicts import Verdict

from .finished_run import run_of


def test_json_has_the_documented_shape() -> None:
    """What is read back is what was written; each case names its profile, level and verdict."""
    text = write_json(run_of(Verdict.FAIL))
    assert msgspec.json.decode(text, type=Results) == read_results(run_of(Verdict.FAIL))
    document = json.loads(text)
    (case,) = document["cases"]
    assert (case["case"], case["profile"], case["level"], case["verdict"]) == (
        "C09",
        "core",
        "MUST",
        "FAIL",
    )
    assert case["checks"][0]["check"] == "C09:kind"
    assert document["seed"] == "7"

"""The canonical report."""

import json
from importlib.resources import files

import jsonschema_rs
import msgspec
import pytest
from livestorm_contract_tests.report.findings import finding_of
from livestorm_contract_tests.report.grouping import causes_of
from livestorm_contract_tests.report.html import write_html
from livestorm_contract_tests.report.results import read_results, write_json
from livestorm_contract_tests.report.shape import Results
from livestorm_contract_tests.runs.run import Run
from livestorm_contract_tests.suite.verdicts import Verdict

from ..bites.c09 import TakesErrorsForTokens
from ..bites.g02 import PATIENCE
from ..bites.play import put
from ..bites.shared.stored import HoldsTimesAsTexts
from ..bites.table import Bite
from .failing import all_failing, failing, run_with
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


def shipped_schema() -> jsonschema_rs.Draft202012Validator:
    """Give the schema that lies beside the code."""
    text = (files("livestorm_contract_tests.report") / "report.schema.json").read_text("utf-8")
    return jsonschema_rs.Draft202012Validator(json.loads(text))


@pytest.mark.parametrize(
    "run",
    [all_failing(), run_of(Verdict.FAIL, "\0<b>"), *map(run_of, Verdict)],
    ids=["all", "hostile", *Verdict],
)
def test_report_fits_the_schema_that_is_shipped(run: Run) -> None:
    """Whatever came out of a run."""
    schema = shipped_schema()
    assert [error.message for error in schema.iter_errors(json.loads(write_json(run)))] == []


def test_hang_shows_the_exchange_in_which_it_hung() -> None:
    """It has no answer, or one without an end; JSON, HTML and the causes have it."""
    result = put("G02", Bite((), patience=PATIENCE))
    document = json.loads(write_json(run_with(result)))
    assert [error.message for error in shipped_schema().iter_errors(document)] == []
    (case,) = document["cases"]
    request = case["hung_at"]["request"].partition("\n")[0]
    assert request.partition(" ")[0] in ("GET", "POST")
    assert request in write_html(run_with(result))
    shown = [one.decisive for found in causes_of(run_with(result)) for one in found.findings]
    assert [one.request.partition("\n")[0] for one in shown if one] == [request]


@pytest.mark.parametrize(
    ("name", "bite"),
    [("C09", Bite(TakesErrorsForTokens)), ("P01", Bite(HoldsTimesAsTexts, examples=5))],
)
def test_evidence_of_a_case_and_of_a_property_is_in_the_report(name: str, bite: Bite) -> None:
    """All that a play gives as evidence has a place, and fits the schema."""
    result = put(name, bite)
    document = json.loads(write_json(run_with(result)))
    assert [error.message for error in shipped_schema().iter_errors(document)] == []
    (case,) = document["cases"]
    by_check = {one["check"]: one["evidence"] for one in case["checks"]}
    for check in (one for one in result.checks if one.verdict is Verdict.FAIL):
        told = dict(by_check[check.check])
        if first := told.pop("same_as", None):
            told["outcomes"] = by_check[first]["outcomes"]
        assert told == {key: json.loads(json.dumps(it)) for key, it in check.evidence.items()}


def test_evidence_that_checks_share_is_told_once() -> None:
    """The second refers to the first, and has no operations of its own."""
    document = json.loads(write_json(run_with(failing("C09", "kind", "store-unchanged"))))
    first, second = (one["evidence"] for one in document["cases"][0]["checks"])
    assert ("same_as" in first, len(first["outcomes"])) == (False, 1)
    assert (second["same_as"], second["outcomes"]) == ("C09:kind", [])


def test_broken_property_shows_its_last_operations() -> None:
    """Beside its script: what was told, sent and said, and the exchange that decided."""
    result = put("P01", Bite(HoldsTimesAsTexts, examples=5))
    (check,) = [one for one in result.checks if one.verdict is Verdict.FAIL]
    finding = finding_of(check)
    assert finding.script
    assert "state" not in {one.op for one in finding.outcomes}
    assert (finding.decisive is None) == (not any(one.exchanges for one in finding.outcomes))

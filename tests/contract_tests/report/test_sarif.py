"""The report for code scanning."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.driving.under_test import BareClient, ClientUnderTest, StdioClient
from livestorm_contract_tests.report.client_file import NO_FILE, client_file
from livestorm_contract_tests.report.sarif import STALE, write_sarif
from livestorm_contract_tests.runs.baseline import Baseline, Entry
from livestorm_contract_tests.runs.run import Run, in_light_of
from livestorm_contract_tests.suite.case_result import merged
from livestorm_contract_tests.suite.causes import causes
from livestorm_contract_tests.suite.verdicts import Verdict

from .failing import all_failing, failing, run_with
from .finished_run import run_of
from .node_folder import npm_file

SCHEMA = "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"


def log_of(run: Run) -> Any:
    """Give the one run of a log."""
    (judged,) = json.loads(write_sarif(run))["runs"]
    return judged


def results_of(run: Run) -> list[Any]:
    """Give the results of a log."""
    return list(log_of(run)["results"])


@pytest.fixture(scope="module")
def schema() -> jsonschema_rs.Draft4Validator:
    """The schema of SARIF 2.1.0 that Microsoft's matchers bring, formats checked."""
    # A pattern of its languages has a bracket too many.
    text = npm_file(SCHEMA).replace("{2}]?$", "{2}$")
    return jsonschema_rs.Draft4Validator(json.loads(text), validate_formats=True)


@pytest.mark.parametrize(
    "run",
    [
        all_failing(),
        run_of(Verdict.FAIL, "](http://evil.test) \0\x1b[31m"),
        *(run_of(verdict, reason="why") for verdict in Verdict),
    ],
    ids=["all", "hostile", *Verdict],
)
def test_log_fits_the_schema(schema: jsonschema_rs.Draft4Validator, run: Run) -> None:
    """Whatever came out of a run."""
    assert [error.message for error in schema.iter_errors(json.loads(write_sarif(run)))] == []


def test_each_result_has_what_code_scanning_asks_for() -> None:
    """One place with a file and a region, a fingerprint of its own, and a rule that is listed."""
    judged = log_of(all_failing())
    rules, results = judged["tool"]["driver"]["rules"], judged["results"]
    places = {json.dumps(one["locations"][0]["physicalLocation"]) for one in results}
    assert [json.loads(place)["region"]["startLine"] for place in places] == [1]
    assert [one for one in results if len(one["locations"]) != 1] == []
    assert [one for one in results if rules[one["ruleIndex"]]["id"] != one["ruleId"]] == []
    prints = [one["partialFingerprints"]["primaryLocationLineHash"] for one in results]
    assert len(set(prints)) == len(results)


def test_rule_tells_what_to_change_and_where_that_is_said() -> None:
    """A rule is a cause: its title, its remedy, the section as a link."""
    run = run_with(failing("A01", "present", "unique"))
    (rule,) = log_of(run)["tool"]["driver"]["rules"]
    cause = causes()["state-missing"]
    assert (rule["id"], rule["helpUri"]) == (cause.id, cause.link)
    assert rule["shortDescription"]["text"] == cause.title
    assert cause.remedy in rule["help"]["text"]
    assert [one["ruleId"] for one in results_of(run)] == [cause.id, cause.id]


def test_rule_is_the_cause_by_what_was_reported() -> None:
    """As in every other report, an exception that nobody expects is one."""
    run = run_with(failing("C06", "kind", reported=Kind.BUG))
    assert [one["ruleId"] for one in results_of(run)] == ["unexpected-exception"]


@pytest.mark.parametrize(
    ("check", "verdict", "level"),
    [
        ("A01:present", Verdict.FAIL, "error"),
        ("A01:present", Verdict.WARN, "warning"),
        ("G04:not-taken", Verdict.FAIL, "warning"),
        ("G04:not-taken", Verdict.WARN, "warning"),
    ],
)
def test_level_is_that_of_the_severity(check: str, verdict: Verdict, level: str) -> None:
    """A warning is one at most, however severe its cause is."""
    case, _, name = check.partition(":")
    (one,) = results_of(run_with(failing(case, name, verdict=verdict)))
    assert one["level"] == level


@pytest.mark.parametrize("verdict", [Verdict.HANG, Verdict.CRASH, Verdict.ERROR])
def test_end_of_a_case_is_a_result(verdict: Verdict) -> None:
    """A case that could not be judged to its end has the rule of that end."""
    ended = replace(failing("G02"), verdict=verdict, reason="call does not end")
    (one,) = results_of(run_with(ended))
    assert one["partialFingerprints"]["check/v1"] == f"G02:{verdict}"
    assert "call does not end" in one["message"]["text"]


def test_fingerprint_is_the_same_in_another_run() -> None:
    """Another seed, another variant and what failed beside it change nothing."""
    (one,) = results_of(run_of(Verdict.FAIL))
    other = run_with(failing("A01", "present"), failing("C09", "kind", "code-once"))
    prints = [each["partialFingerprints"] for each in results_of(other)]
    assert one["partialFingerprints"] in prints


def test_check_that_failed_in_several_ways_is_told_for_each_cause() -> None:
    """In one variant it was reported as a bug, in others as ok: two rules, a result of each."""
    bug, ok = failing("C09", "kind", reported=Kind.BUG), failing("C09", "kind")
    told = results_of(run_with(merged([bug, ok, ok])))
    rules = {"unexpected-exception", "jsonapi-error-taken-for-token"}
    assert (len(told), {one["ruleId"] for one in told}) == (2, rules)


def judged_by(baseline: Baseline, run: Run) -> list[Any]:
    """Give the results of a run in the light of a baseline."""
    plain = replace(run, plain=run.results)
    return results_of(in_light_of(baseline, plain, date(2027, 1, 1)))


@pytest.mark.parametrize("entry", ["A01", "A01:present"])
def test_expected_failure_is_accepted(entry: str) -> None:
    """It is a note that has a justification, and was there before; what is new is new."""
    baseline = Baseline(expected_failures=(Entry(id=entry, reason="ACME-41"),))
    run = run_with(failing("A01", "present"), failing("C09", "kind"))
    known, new = judged_by(baseline, run)
    assert (known["level"], known["baselineState"]) == ("note", "unchanged")
    assert "ACME-41" in known["suppressions"][0]["justification"]
    assert (new["baselineState"], "suppressions" in new) == ("new", False)


def test_expected_hang_is_accepted() -> None:
    """An entry for a case covers every bad end."""
    hung = replace(failing("G02"), verdict=Verdict.HANG, reason="call does not end")
    baseline = Baseline(expected_failures=(Entry(id="G02", reason="ACME-42"),))
    (one,) = judged_by(baseline, run_with(hung))
    assert (one["ruleId"], one["baselineState"]) == ("no-time-out", "unchanged")


def test_stale_entry_is_a_result() -> None:
    """What passes though the baseline expects a failure fails the run, and is told."""
    (one,) = results_of(run_of(Verdict.XPASS, reason="passes, though"))
    assert (one["ruleId"], one["level"]) == (STALE, "error")
    assert "passes, though" in one["message"]["text"]


def test_run_without_a_baseline_compares_with_nothing() -> None:
    """Then no result is new or old."""
    assert "baselineState" not in results_of(run_with(failing("A01", "present")))[0]


def test_text_of_a_client_is_no_link() -> None:
    """SARIF's messages know links; none is made of what came over the wire."""
    (one,) = results_of(run_of(Verdict.FAIL, "[help](http://evil.test)"))
    assert "](" not in one["message"]["text"]


@pytest.mark.parametrize(
    ("client", "uri"),
    [
        (StdioClient(name="x", command=["python", "adapter.py"]), "sub/adapter.py"),
        (StdioClient(name="x", command=["node", "./my client.mjs"]), "sub/my%20client.mjs"),
        (BareClient(text="x", command=["bash", "adapter.py", "{path}"]), "sub/adapter.py"),
        (StdioClient(name="x", command=["python", "-m", "acme"]), NO_FILE),
        (StdioClient(name="x", command=["/bin/sh"]), NO_FILE),
    ],
)
def test_place_is_the_file_that_the_command_names(
    client: ClientUnderTest, uri: str, tmp_path: Path
) -> None:
    """Relative to the repository, whatever its folder; without a file of it, a word for none."""
    folder = tmp_path / "sub"
    folder.mkdir()
    (tmp_path / ".git").touch()
    for name in ("adapter.py", "my client.mjs"):
        (folder / name).touch()
    assert client_file(client, folder) == uri

"""The badge."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace

import pytest
from livestorm_contract_tests.driving.messages import Features, Ready
from livestorm_contract_tests.report.badge import badge_color, write_shields, write_svg
from livestorm_contract_tests.suite.verdicts import Verdict

from .failing import all_failing, failing, run_with
from .finished_run import run_of

LACKING = Ready(protocol=1, ops=("begin",))
ABLE = Ready(protocol=1, ops=("begin", "callback", "call"), features=Features(refresh="auto"))


@pytest.mark.parametrize(
    ("verdict", "color"),
    [
        (Verdict.PASS, "brightgreen"),
        (Verdict.FAIL, "red"),
        (Verdict.XPASS, "yellow"),
        (Verdict.SKIP, "lightgrey"),
    ],
)
def test_badge_has_the_color_of_the_verdict(verdict: Verdict, color: str) -> None:
    """Green where all passed, red for a severe failure, yellow for a stale entry, grey for none."""
    assert badge_color(run_of(verdict)) == color


@pytest.mark.parametrize(
    ("ready", "failed", "message"),
    [
        (LACKING, (), "core not supported"),
        (ABLE, (), "core 1/1"),
        (ABLE, ("C09",), "core 0/1"),
        (ABLE, ("D01", "D02"), "core 1/1 · 2 failed elsewhere"),
    ],
)
def test_badge_tells_one_profile_and_what_failed_beside_it(
    ready: Ready, failed: Sequence[str], message: str
) -> None:
    """A profile that asks for more than the client has is `not supported`, whatever passed."""
    (passed,) = run_of(Verdict.PASS).results
    results = {"C09": passed} | {name: failing(name, "kind") for name in failed}
    run = replace(run_with(*results.values()), ready=ready)
    assert json.loads(write_shields(run))["message"] == message


def test_badge_has_the_width_of_others_however_much_failed() -> None:
    """All checks of all cases: no wider than 300 pixels, where 100 to 200 are usual."""
    svg = ET.fromstring(write_svg(replace(all_failing(), ready=ABLE)))  # noqa: S314
    assert int(svg.get("width", "")) <= 300


def test_badge_of_a_property_alone_names_no_profile() -> None:
    """It was run, and counts for none."""
    message = json.loads(write_shields(run_with(failing("P01", "INV-2"))))["message"]
    assert message.startswith("no profile run")

"""The badge."""

import json

import pytest
from livestorm_contract_tests.report.badge import badge_color, write_shields
from livestorm_contract_tests.suite.verdicts import Verdict

from .finished_run import run_of


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


def test_badge_counts_what_was_judged() -> None:
    """A profile that asks for more than the client has is `not supported`, whatever passed."""
    message = json.loads(write_shields(run_of(Verdict.PASS)))["message"]
    assert message == "core not supported"

"""The report in a terminal."""

from io import StringIO

from livestorm_contract_tests.report.terminal import print_report
from livestorm_contract_tests.suite.verdicts import Verdict
from rich.console import Console

from .finished_run import CASE, run_of


def test_terminal_tells_what_failed_and_why() -> None:
    """The requirement, the exchange and the reply stand under the case."""
    printed = StringIO()
    print_report(run_of(Verdict.FAIL), Console(width=200, file=printed))
    text = printed.getvalue()
    assert "FAIL C09 exchange/jsonapi-error (MUST)" in text
    assert CASE.requirement in text
    assert "1. POST told -> 400" in text
    assert "said ok" in text

"""What `docs/causes.md` lists: the root causes."""

from livestorm_contract_tests.report.grouping import SEVERITIES, severity_of
from livestorm_contract_tests.suite.causes import Cause, causes


def cause_table() -> str:
    """Give the causes as a Markdown table, in the order of a connection's life."""
    rows = [_row(one) for one in causes().values()]
    return "".join(["| cause | severity | what to change | checks |\n|---|---|---|---|\n", *rows])


def _row(cause: Cause) -> str:
    checks = ", ".join(f"`{name}`" for name in cause.checks.split())
    severity = SEVERITIES[severity_of(cause)]
    what = f'<a id="{cause.id}"></a>**{cause.title}.** A correct client {cause.does}.'
    return f"| {what} | {severity} | {cause.remedy} [{cause.source}]({cause.link}) | {checks} |\n"

"""The report for a pull request: Markdown."""

import re

from ..suite.case_result import CaseResult
from ..suite.run import Run
from ..suite.verdicts import Verdict
from .badge import badge_message
from .findings import WORST_FIRST, findings, replay_command, skips, sorted_results

_SYNTAX = re.compile(r"([\\`*_{}\[\]<>|#])")
_QUIET = (Verdict.PASS, Verdict.SKIP)


def write_markdown(run: Run) -> str:
    """Give a summary, a table of the verdicts, and what did not pass."""
    client = run.ready.client
    lines = [
        f"### {_plain(client.name)} {_plain(client.version)}: {badge_message(run)}",
        "",
        "| profile | passed | judged | cases | |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {score.passed} | {score.judged} | {score.total} | "
            f"{_plain('lacks ' + ', '.join(score.lacks)) if score.lacks else ''} |"
            for name, score in run.scores.items()
        ),
        "",
        _counts(run),
    ]
    loud = [one for one in sorted_results(run.results) if one.verdict not in _QUIET]
    for result in loud:
        lines += ["", *_case(result)]
    lines += ["", f"Seed `{_plain(run.settings.seed)}`. {_skipped(run)}".rstrip()]
    return "\n".join(lines) + "\n"


def _counts(run: Run) -> str:
    counted = [(one, sum(r.verdict is one for r in run.results)) for one in WORST_FIRST]
    return " · ".join(f"{count} {verdict}" for verdict, count in counted if count)


def _skipped(run: Run) -> str:
    names = [
        f"{one.result.case.id}{f' ({_plain(one.variants)})' if one.variants else ''}"
        for one in skips(run.results)
    ]
    return f"Skipped: {', '.join(names)}." if names else ""


def _case(result: CaseResult) -> list[str]:
    case = result.case
    lines = [f"**{result.verdict} {case.id}** `{case.name}`: {_plain(case.requirement)}"]
    if result.reason:
        lines.append(f"- {_plain(result.reason.splitlines()[-1])}")
    for finding in findings(result):
        variant = f" ({_plain(finding.variant)})" if finding.variant else ""
        lines.append(f"- `{finding.check}`{variant}: {_plain(finding.requirement)}")
        if finding.found:
            lines.append(f"  - found: {_plain(finding.found)}")
        lines += [f"  - {_plain(step)}" for step in finding.steps]
    lines.append(f"- {_plain(case.source)}")
    if command := replay_command(result):
        lines.append(f"- `{command}`")
    return lines


def _plain(text: str) -> str:
    """Escape what Markdown takes for syntax, and line breaks."""
    return _SYNTAX.sub(r"\\\1", " ".join(text.split()))

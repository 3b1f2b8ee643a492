"""The report for a pull request: Markdown."""

import re

from ..runs.run import Run
from ..suite.case_result import CaseResult
from .badge import badge_message
from .findings import counts, expired, findings, loud, replay_command, skips

_SYNTAX = re.compile(r"([\\`*_{}\[\]<>|#])")


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
        " · ".join(f"{count} {verdict}" for verdict, count in counts(run.results).items()),
    ]
    lines += [line for told in expired(run) for line in ("", _plain(told))]
    for result in loud(run.results):
        lines += ["", *_case(result)]
    lines += ["", f"Seed `{_plain(run.settings.seed)}`. {_skipped(run)}".rstrip()]
    return "\n".join(lines) + "\n"


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

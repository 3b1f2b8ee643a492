"""The report for a pull request: Markdown of ten lines, and the rest in a fold."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ..runs.run import Run
from ..suite.case_result import CaseResult
from .findings import (
    Finding,
    counts,
    expired,
    findings,
    loud,
    missed,
    name_of,
    replay_command,
    scores_told,
    skips,
    told_lists,
)
from .foreign_text import cleaned
from .grouping import CauseFound, causes_of

_SYNTAX: Final = re.compile(r"([\\`*_{}\[\]<>|#~&])")

_REFERENCE: Final = re.compile(r"[@#](?=\w)")
"""What would mention a person or an issue; an invisible blank behind it keeps it from that."""

_LONGEST: Final = 60_000
"""Characters: a comment of GitHub holds 65,536."""

_CUT: Final = "\n\n**There is more in the HTML report.**\n\n</details>\n"

_MOST: Final = 5
"""How many causes are told before the fold."""


def write_markdown(run: Run) -> str:
    """Give the verdicts and the first causes, then all of it in a fold."""
    found = causes_of(run)
    text = "\n".join([*_summary(run, found), "", *_fold(run, found)]) + "\n"
    if len(text) <= _LONGEST:
        return text
    return text[: _LONGEST - len(_CUT)].rpartition("\n")[0] + _CUT


def _summary(run: Run, found: Sequence[CauseFound]) -> Iterator[str]:
    yield f"### {_plain(name_of(run.ready.client))}: {scores_told(run)}"
    yield ""
    yield " · ".join(f"{count} {verdict}" for verdict, count in counts(run.results).items())
    if run.unfinished:
        yield ""
        yield f"**Not all was judged:** {_plain(run.unfinished[:300])}"
    if run.compared:
        yield ""
        yield f"Compared with {_code(run.compared.file)}: **{run.compared.counted}**"
    if names := missed(run):
        yield ""
        yield f"Not met, and not scored by {run.requirements.name}: {', '.join(names)}"
    if found:
        yield ""
    for one in found[:_MOST]:
        yield f"- {_title(one)}: {one.cause.first_step} [{one.cause.source}]({one.cause.link})"
    if len(found) > _MOST:
        yield f"- and {len(found) - _MOST} more, below"


def _fold(run: Run, found: Sequence[CauseFound]) -> Iterator[str]:
    yield "<details><summary>Everything</summary>"
    yield ""
    yield from _scores(run)
    yield from (line for told in expired(run) for line in ("", _plain(told)))
    yield from _compared(run)
    if left := found[_MOST:]:
        yield from ["", *(f"- {_title(one)}" for one in left)]
    for one in found:
        yield from ["", *_cause(one)]
    with_cause = {result.case.id for one in found for result in one.cases}
    for result in loud(run.results):
        if result.case.id not in with_cause:
            yield from ["", *_case(result, [one for one in findings(result) if not one.scored])]
    yield ""
    told = f"Set {_code(run.requirements.name)}, seed {_code(run.settings.seed)}."
    yield f"{told} {_skipped(run)}".rstrip()
    yield ""
    yield "</details>"


def _compared(run: Run) -> Iterator[str]:
    if run.compared is None:
        return
    yield from ["", f"#### Compared with {_code(run.compared.file)}", ""]
    for name, ids in told_lists(run.compared).items():
        yield f"- {name}: {', '.join(map(_plain, ids))}"
    yield from (f"- not as before: {_plain(told)}" for told in run.compared.differences)


def _scores(run: Run) -> Iterator[str]:
    yield "| profile | passed | judged | cases | |"
    yield "|---|---|---|---|---|"
    for name, score in run.scores.items():
        lacks = _plain(f"lacks {', '.join(score.lacks)}") if score.lacks else ""
        yield f"| {name} | {score.passed} | {score.judged} | {score.total} | {lacks} |"


def _title(found: CauseFound) -> str:
    return f"**{found.word}** {found.cause.title} ({found.counted})"


def _cause(found: CauseFound) -> Iterator[str]:
    yield f"#### {found.cause.title}"
    yield ""
    source = f"[{found.cause.source}]({found.cause.link})"
    yield f"A correct client {found.cause.does}. {found.cause.remedy} {source}"
    for result in found.cases:
        yield from ["", *_case(result, found.of_case(result))]


def _case(result: CaseResult, shown: Sequence[Finding]) -> Iterator[str]:
    case = result.case
    scored = "" if result.scored else " (not scored)"
    yield f"**{result.verdict} {case.id}**{scored} {_code(case.name)}: {_plain(case.requirement)}"
    yield ""
    if result.reason:
        yield f"- {_plain(result.reason.splitlines()[-1])}"
    for finding in shown:
        notes = _plain(finding.told.removeprefix(finding.check))
        yield f"- {_code(finding.check)}{notes and f' {notes}'}: {_plain(finding.requirement)}"
        if finding.found:
            yield f"  - found: {_plain(finding.found)}"
        yield from (f"  - {_plain(step)}" for step in finding.steps)
    yield f"- {_plain(case.source)}"
    if command := replay_command(result):
        yield f"- {_code(command)} plays it again, and asks before it starts your client"


def _skipped(run: Run) -> str:
    names = [
        f"{one.result.case.id}{f' ({_plain(one.variants)})' if one.variants else ''}"
        for one in skips(run.results)
    ]
    return f"Skipped: {', '.join(names)}." if names else ""


def _plain(text: str) -> str:
    """Escape what Markdown takes for syntax, line breaks, and what mentions somebody."""
    line = " ".join(cleaned(text).split())
    return _SYNTAX.sub(r"\\\1", _REFERENCE.sub("\\g<0>\u200b", line))


def _code(text: str) -> str:
    """Show a text as code, between more backticks than stand anywhere in it."""
    line = " ".join(cleaned(text).split())
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    blank = " " if line[:1] == "`" or line[-1:] == "`" else ""
    return f"{fence}{blank}{line}{blank}{fence}"

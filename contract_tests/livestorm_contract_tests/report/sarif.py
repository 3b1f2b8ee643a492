"""The report for code scanning: SARIF 2.1.0, a rule for each cause, a result for each check.

Code scanning shows no result without a file. A client that is judged from outside has no line
that is wrong, so that each result stands at the beginning of the file that its command names, or
of none that there is.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal

from ..runs.run import Run
from ..suite.case_result import CaseResult
from ..suite.causes import ENDS, cause_of, causes
from ..suite.verdicts import Verdict
from .client_file import client_file
from .findings import Finding, end_of, replay_command, ways_of
from .foreign_text import cleaned
from .grouping import SEVERITIES, severity_of

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"

Level = Literal["error", "warning", "note"]

LEVELS: Final[Mapping[int, Level]] = {1: "error", 2: "error", 3: "warning", 4: "note"}
"""The level of a rule by the severity of its cause."""

_IN_CODE_SCANNING: Final[Mapping[Level, str]] = {
    "error": "error",
    "warning": "warning",
    "note": "recommendation",
}

_SHOWN: Final = (Verdict.FAIL, Verdict.WARN, Verdict.XFAIL)
"""The checks that did not pass; of one that is flaky nothing is known."""

STALE: Final = "baseline-stale"
"""The rule for what passes though the baseline expects a failure."""

_STALE_RULE: Final = {
    "id": STALE,
    "shortDescription": {"text": "The baseline expects a failure of what passes"},
    "fullDescription": {"text": "What passes is removed from the baseline."},
    "help": {"text": "Run the suite with --update-baseline, which removes what passes."},
    "defaultConfiguration": {"level": "error"},
    "properties": {"problem.severity": "error", "tags": ["livestorm"]},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """One result: a check that did not pass, or the end of a case that did not come to it."""

    result: CaseResult
    finding: Finding
    rule: str
    level: Level
    accepted: str | None = None
    """Why the baseline expects it."""
    scored: bool = True
    """Whether it counts; what does not is a note."""


def write_sarif(run: Run) -> str:
    """Give the log, indented: the same bytes for the same verdicts and the same file."""
    shown = list(_all_shown(run))
    rules = list(dict.fromkeys(one.rule for one in shown))
    place = _place(client_file(run.client, Path.cwd()))
    driver = {
        "name": "livestorm-mock",
        "semanticVersion": version("livestorm-mock"),
        "rules": [_rule(name) for name in rules],
    }
    judged = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"livestorm-mock/{_word(run.ready.client.name)}/"},
        "invocations": [_invocation(run)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, rules.index(one.rule), place, run) for one in shown],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [judged]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _invocation(run: Run) -> dict[str, object]:
    """Give how the suite was run, and why it did not come to its end."""
    told = cleaned(run.unfinished or "")
    notes = [{"level": "error", "message": {"text": told}}] if told else []
    return {
        "commandLine": run.command(*run.asked.chosen, *run.asked.baseline),
        "exitCode": run.exit_status,
        "executionSuccessful": run.exit_status in (0, 1),
        **({"toolExecutionNotifications": notes} if notes else {}),
    }


def _all_shown(run: Run) -> Iterator[_Shown]:
    plain = {one.case.id: one.verdict for one in run.plain}
    for result in run.results:
        if result.verdict is Verdict.XPASS and result.scored:
            yield _stale(result)
        else:
            shown = _of_case(result, plain.get(result.case.id, result.verdict))
            # A check may not have passed in several ways, each with a cause; one has it once.
            yield from {(one.finding.check, one.rule): one for one in shown}.values()


def _of_case(result: CaseResult, ended: Verdict) -> Iterator[_Shown]:
    """Give what did not pass in a case, and how it ended where that is all that is known."""
    for check in result.checks:
        if check.verdict in _SHOWN:
            expects = check.evidence.get("baseline")
            accepted = expects if isinstance(expects, str) else _accepted(result)
            yield from (_shown(result, one, check.verdict, accepted) for one in ways_of(check))
    if ended in ENDS:
        yield _shown(result, end_of(result, ended), ended, _accepted(result))


def _shown(result: CaseResult, finding: Finding, verdict: Verdict, accepted: str | None) -> _Shown:
    cause = cause_of(finding.check, finding.reported)
    level = LEVELS[severity_of(cause)]
    scored = finding.scored and result.scored
    if accepted is not None or not scored:
        level = "note"
    elif verdict is Verdict.WARN and level == "error":
        level = "warning"
    return _Shown(
        result=result,
        finding=finding,
        rule=cause.id,
        level=level,
        accepted=accepted,
        scored=scored,
    )


def _stale(result: CaseResult) -> _Shown:
    told = replace(end_of(result, Verdict.XPASS), found=result.reason or "")
    return _Shown(result=result, finding=told, rule=STALE, level="error")


def _accepted(result: CaseResult) -> str | None:
    """Give why the baseline expects all of a case, None where it does not."""
    return (result.reason or "") if result.verdict in (Verdict.XFAIL, Verdict.FLAKY) else None


def _rule(name: str) -> Mapping[str, object]:
    if name == STALE:
        return _STALE_RULE
    cause = causes()[name]
    level = LEVELS[severity_of(cause)]
    link = f"[{cause.source}]({cause.link})"
    return {
        "id": cause.id,
        "shortDescription": {"text": cause.title},
        "fullDescription": {"text": f"A correct client {cause.does}."},
        "help": {
            "text": f"{cause.remedy} {cause.source}: {cause.link}",
            "markdown": f"{cause.remedy}\n\n{link}",
        },
        "helpUri": cause.link,
        "defaultConfiguration": {"level": level},
        "properties": {
            "problem.severity": _IN_CODE_SCANNING[level],
            "tags": ["livestorm", SEVERITIES[severity_of(cause)]],
        },
    }


def _result(one: _Shown, rule: int, place: Mapping[str, object], run: Run) -> dict[str, object]:
    case, check = one.result.case, one.finding.check
    named = {"name": check, "fullyQualifiedName": f"{case.name}/{check}", "kind": "check"}
    return {
        "ruleId": one.rule,
        "ruleIndex": rule,
        "level": one.level,
        "message": {"text": _message(one)},
        "locations": [{**place, "logicalLocations": [named]}],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{_digest(f'{one.rule} {check}')}:1",
            "check/v1": check,
        },
        **_light(one, run),
        "properties": {
            "case": case.id,
            "profile": run.requirements.shown_profile(case.id),
            "verdict": one.result.verdict,
            "scored": one.scored,
        },
    }


def _light(one: _Shown, run: Run) -> dict[str, object]:
    """Give how a result stands to the baseline, nothing where there is none."""
    if one.accepted is not None:
        accepted = {"kind": "external", "status": "accepted", "justification": one.accepted}
        return {"baselineState": "unchanged", "suppressions": [accepted]}
    return {"baselineState": "new"} if run.baseline.entries and one.rule != STALE else {}


def _message(one: _Shown) -> str:
    """Tell what is required, what was found and how; code scanning lists the first sentence."""
    finding = one.finding
    lines = [f"{one.result.case.id}: {finding.requirement}."]
    lines += [f"Found: {finding.found}"] if finding.found else []
    lines += [*finding.steps, replay_command(one.result) or ""]
    # What is text of a client's must not become a link.
    return cleaned("\n".join(line for line in lines if line)).replace("](", "] (")


def _place(uri: str) -> dict[str, object]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri},
            "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2},
        }
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _word(text: str) -> str:
    """Give a text as one part of an id."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-")[:100] or "client"

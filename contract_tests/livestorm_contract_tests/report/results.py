"""The canonical report: `results.json`, the same bytes for the same verdicts."""

from importlib.metadata import version

import msgspec

from ..runs.comparison import Report
from ..runs.requirements import Requirements
from ..runs.run import Run, Score
from ..suite.case_result import CaseResult
from ..suite.verdicts import CheckResult
from .findings import evidence_of, hung_at
from .foreign_text import encodable
from .grouping import CauseFound, causes_of
from .shape import (
    CaseEntry,
    CauseEntry,
    CheckEntry,
    ClientUnderTest,
    Evidence,
    Results,
    ScoreEntry,
    Suite,
)


def read_results(run: Run) -> Results:
    """Put a run into the shape of the report."""
    client = run.ready.client
    return Results(
        suite=Suite(
            name="livestorm-mock",
            version=version("livestorm-mock"),
            requirements=run.requirements.name,
        ),
        client=ClientUnderTest(
            name=client.name,
            version=client.version,
            language=client.language,
            stack=client.stack,
            command=run.client.name,
        ),
        seed=run.settings.seed,
        strict=run.settings.strict,
        profiles={name: _score(score) for name, score in run.scores.items()},
        expired=tuple(one.id for one in run.expired),
        cases=tuple(_case(result, run.requirements) for result in run.results),
        causes=tuple(_cause(found) for found in causes_of(run)),
        compared=run.compared,
        unfinished=run.unfinished,
    )


def write_json(run: Run) -> str:
    """Give the report as JSON, indented."""
    document = encodable(msgspec.to_builtins(read_results(run)))
    text = msgspec.json.format(msgspec.json.encode(document), indent=2)
    return f"{text.decode()}\n"


def as_report(run: Run) -> Report:
    """Give as much of a run as can be compared with an earlier report."""
    return msgspec.json.decode(write_json(run), type=Report)


def _cause(found: CauseFound) -> CauseEntry:
    cause = found.cause
    return CauseEntry(
        cause=cause.id,
        title=cause.title,
        severity=found.severity,
        warning=found.is_warning,
        alone=found.alone,
        cases=tuple(one.case.id for one in found.cases),
        checks=tuple(one.check for one in found.findings),
        found=found.told,
        required=cause.does,
        remedy=cause.remedy,
        link=cause.link,
    )


def _case(result: CaseResult, requirements: Requirements) -> CaseEntry:
    case = result.case
    return CaseEntry(
        case=case.id,
        name=case.name,
        profile=requirements.profile_of(case.id),
        level=case.level,
        severity=case.severity,
        verdict=result.verdict,
        reason=result.reason,
        scored=result.scored,
        skipped=result.skipped,
        left_out=tuple(case.left_out),
        left_open=tuple(result.left_open),
        only_if=tuple(result.only_if),
        replay=result.replay,
        requirement=case.requirement,
        source=case.source,
        hung_at=hung_at(result),
        checks=_checks(result),
    )


def _checks(result: CaseResult) -> tuple[CheckEntry, ...]:
    """Give the checks; evidence that several have stands with the first."""
    told: dict[object, str] = {}

    def once(check: CheckResult) -> Evidence:
        evidence = evidence_of(check)
        first = told.setdefault(evidence.outcomes or (), check.check)
        if not evidence.outcomes or first == check.check:
            return evidence
        return msgspec.structs.replace(evidence, outcomes=(), same_as=first)

    return tuple(_check(one, once(one)) for one in result.checks)


def _check(check: CheckResult, evidence: Evidence) -> CheckEntry:
    return CheckEntry(
        check=check.check,
        level=check.level,
        verdict=check.verdict,
        requirement=check.requirement,
        scored=check.scored,
        evidence=evidence,
    )


def _score(score: Score) -> ScoreEntry:
    return ScoreEntry(
        passed=score.passed, judged=score.judged, total=score.total, lacks=tuple(score.lacks)
    )

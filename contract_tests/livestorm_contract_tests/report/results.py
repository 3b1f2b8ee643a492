"""The canonical report: `results.json`, the same bytes for the same verdicts."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version

import msgspec

from ..runs.comparison import Comparison, Report
from ..runs.requirements import Requirements
from ..runs.run import Run, Score
from ..suite.case_result import CaseResult
from ..suite.verdicts import CheckResult
from .grouping import CauseFound, causes_of


class Suite(msgspec.Struct, frozen=True, kw_only=True):
    """Which suite judged."""

    name: str
    version: str
    """That of the package."""
    requirements: str
    """The set by which the client is scored."""


class ClientUnderTest(msgspec.Struct, frozen=True, kw_only=True):
    """What the client says of itself, and how it was started."""

    name: str
    version: str
    language: str
    stack: tuple[str, ...]
    command: str


class CaseEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One case."""

    case: str
    name: str
    profile: str | None
    level: str
    severity: int
    verdict: str
    reason: str | None
    scored: bool
    """Whether the set holds the case; each check says so of itself, too."""
    skipped: Mapping[str, str]
    """The variants that were skipped, each with the reason, where others were judged."""
    left_open: tuple[str, ...]
    """The checks that need to know how the client failed, which it did not say."""
    only_if: tuple[str, ...]
    """The open questions about Livestorm under which alone it does not pass."""
    replay: str | None
    """The file that plays it again."""
    requirement: str
    source: str
    checks: Sequence[CheckResult]


class CauseEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One root cause of what did not pass, what turns most cases green first."""

    cause: str
    title: str
    severity: str
    """`critical`, `high`, `medium` or `low`."""
    warning: bool
    """Whether it fails nothing."""
    alone: int
    """How many cases pass once this is mended, as nothing else keeps them from it."""
    cases: tuple[str, ...]
    checks: tuple[str, ...]
    """The checks that show it; the end of a case as `G02:HANG`."""
    found: str
    """What the client did, empty where the checks say it."""
    required: str
    """What a correct client does."""
    remedy: str
    link: str


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """The whole report."""

    suite: Suite
    client: ClientUnderTest
    seed: str
    strict: bool
    profiles: Mapping[str, Score]
    expired: tuple[str, ...]
    """The ids of the baseline's entries that count no longer."""
    cases: tuple[CaseEntry, ...]
    causes: tuple[CauseEntry, ...] = ()
    compared: Comparison | None = None
    """What is better and worse than in an earlier report, where one was given."""


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
        profiles=run.scores,
        expired=tuple(one.id for one in run.expired),
        cases=tuple(_case(result, run.requirements) for result in run.results),
        causes=tuple(_cause(found) for found in causes_of(run)),
        compared=run.compared,
    )


def write_json(run: Run) -> str:
    """Give the report as JSON, indented."""
    text = msgspec.json.format(msgspec.json.encode(read_results(run)), indent=2)
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
        left_open=tuple(result.left_open),
        only_if=tuple(result.only_if),
        replay=result.replay,
        requirement=case.requirement,
        source=case.source,
        checks=result.checks,
    )

"""The canonical report: `results.json`, the same bytes for the same verdicts."""

from collections.abc import Mapping, Sequence

import msgspec

from ..runs.run import Run, Score
from ..runs.sets import VERSION, profile_of
from ..suite.case_result import CaseResult
from ..suite.verdicts import CheckResult


class Suite(msgspec.Struct, frozen=True, kw_only=True):
    """Which suite judged."""

    name: str
    version: int
    """The number of the profiles' sets."""


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


def read_results(run: Run) -> Results:
    """Put a run into the shape of the report."""
    client = run.ready.client
    return Results(
        suite=Suite(name="livestorm-mock", version=VERSION),
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
        cases=tuple(_case(result) for result in run.results),
    )


def write_json(run: Run) -> str:
    """Give the report as JSON, indented."""
    text = msgspec.json.format(msgspec.json.encode(read_results(run)), indent=2)
    return f"{text.decode()}\n"


def _case(result: CaseResult) -> CaseEntry:
    case, profile = result.case, profile_of(result.case.id)
    return CaseEntry(
        case=case.id,
        name=case.name,
        profile=profile,
        level=case.level,
        severity=case.severity,
        verdict=result.verdict,
        reason=result.reason,
        scored=profile is not None,
        skipped=result.skipped,
        left_open=tuple(result.left_open),
        only_if=tuple(result.only_if),
        replay=result.replay,
        requirement=case.requirement,
        source=case.source,
        checks=result.checks,
    )

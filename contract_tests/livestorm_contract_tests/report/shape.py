"""The members of the JSON report; `report.schema.json` and docs/report.md are made from them.

Members may be added, none is changed or dropped.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from ..driving.kinds import Kind
from ..runs.comparison import Comparison
from ..suite.verdicts import Level, Verdict

Severity = Literal["critical", "high", "medium", "low"]


class Suite(msgspec.Struct, frozen=True, kw_only=True):
    """Which suite judged."""

    name: str
    """`livestorm-mock`."""
    version: str
    """That of the package."""
    requirements: str
    """The set by which the client is scored."""


class ClientUnderTest(msgspec.Struct, frozen=True, kw_only=True):
    """What the client says of itself, and how it was started."""

    name: str
    """Its name."""
    version: str
    """Its version, empty where it says none."""
    language: str
    """Its language, with a version."""
    stack: tuple[str, ...]
    """The libraries that it is made of."""
    command: str
    """What `--client` or `--command` asked for."""


class ScoreEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The count of one profile."""

    passed: int
    """How many of the judged cases passed; a warning passes."""
    judged: int
    """How many were judged: not skipped, nor expected to fail, nor flaky."""
    total: int
    """How many were to be run."""
    lacks: tuple[str, ...]
    """What the client would have to offer for the profile to count at all."""


class ExchangeEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A request and its answer, in short."""

    seq: int
    """Its number in the fake's journal of the case."""
    method: str
    """The verb."""
    path: str
    """The path, without its query."""
    endpoint: str
    """What the fake calls the endpoint, `token.refresh_token`; empty where there is none."""
    status: int | None
    """The HTTP status, null without an answer."""
    fault: str | None
    """The kind of the fault that struck."""
    reason: str | None
    """The rule of the fake that decided, in words."""


class Decisive(msgspec.Struct, frozen=True, kw_only=True):
    """The exchange that decided, as it went over the wire; secrets are hidden, much is cut."""

    seq: int
    """Its number."""
    request: str
    """The verb and target, the headers, and after an empty line the body."""
    answer: str | None
    """The status, the headers, and after an empty line the body; null without an answer."""
    repeat: tuple[str, ...] = ()
    """The lines of a shell that arm the fault and send the request again, to `serve`."""


class OutcomeEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One operation of the client."""

    op: str
    """The operation, in the word of the adapter protocol."""
    asked: str | None = None
    """What it was to be done with: the URL of a callback, a verb and a path."""
    kind: Kind
    """What the client reported."""
    error: str | None = None
    """The error that it told."""
    exchanges: tuple[ExchangeEntry, ...]
    """What went over the wire meanwhile."""
    decisive: Decisive | None = None
    """The exchange that decided; of several operations, the last that sent anything has one."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What shows that a check did not pass; empty where it passed."""

    variant: str | UnsetType = UNSET
    """The variant of the case, empty where it has one only."""
    found: str | UnsetType | None = UNSET
    """What was found, as far as that says more than what is required."""
    outcomes: tuple[OutcomeEntry, ...] | UnsetType = UNSET
    """The operations that show it."""
    same_as: str | UnsetType = UNSET
    """The check of this case whose outcomes show this one, too, which has none of its own."""
    script: tuple[str, ...] | UnsetType = UNSET
    """The steps that break a property, each as JSON."""
    baseline: str | UnsetType = UNSET
    """The reason that the baseline gives."""
    otherwise: "tuple[Evidence, ...] | UnsetType" = UNSET
    """The same of variants in which the client reported something else."""


class CheckEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One check of a case."""

    check: str
    """Its id, `C09:store-unchanged`."""
    level: Level
    """How strong the requirement is."""
    verdict: Verdict
    """What came out."""
    requirement: str
    """What it requires."""
    scored: bool
    """Whether it counts: the set may not hold it."""
    evidence: Evidence
    """What shows that it did not pass."""


class CaseEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One case, or one property."""

    case: str
    """Its id, `C09`."""
    name: str
    """The group and what happens, `exchange/jsonapi-error`."""
    profile: str | None
    """The profile that it counts for."""
    level: Level
    """How strong its requirement is."""
    severity: int
    """1: security hole, lock-out or loss; 2: the integration stops; 3: a wrong error; 4: looks."""
    verdict: Verdict
    """What came out, in the light of the baseline."""
    reason: str | None
    """Why it was skipped, hung, crashed or broke, or what the baseline says."""
    scored: bool
    """Whether the set holds the case; each check says so of itself, too."""
    skipped: Mapping[str, str]
    """The variants that were skipped, each with the reason, where others were judged."""
    left_out: tuple[str, ...] = ()
    """The variants that were not asked for, under `--fast`."""
    left_open: tuple[str, ...]
    """The checks that need to know how the client failed, which it did not say."""
    only_if: tuple[str, ...]
    """The open questions about Livestorm under which alone it does not pass."""
    replay: str | None
    """The file that plays it again."""
    requirement: str
    """What a correct client does."""
    source: str
    """Where that is said, or in which issue a client got it wrong."""
    hung_at: Decisive | None = None
    """The exchange in which it hung."""
    checks: tuple[CheckEntry, ...]
    """Its checks."""


class CauseEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One root cause of what did not pass."""

    cause: str
    """Its id, as in docs/causes.md."""
    title: str
    """What is wrong."""
    severity: Severity
    """How severe it is."""
    warning: bool
    """Whether it fails nothing."""
    alone: int
    """How many cases pass once this is mended, as nothing else keeps them from it."""
    cases: tuple[str, ...]
    """The cases that show it."""
    checks: tuple[str, ...]
    """The checks that show it; the end of a case as `G02:HANG`."""
    found: str
    """What the client did, empty where the checks say it."""
    required: str
    """What a correct client does."""
    remedy: str
    """What to change."""
    link: str
    """Where that is said."""


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """The whole report."""

    report: Literal[1] = 1
    """The version of this shape."""
    suite: Suite
    """Which suite judged."""
    client: ClientUnderTest
    """Whom it judged."""
    seed: str
    """What makes credentials, tokens and drawn answers come out the same again."""
    strict: bool
    """Whether what only should be fails, too."""
    profiles: Mapping[str, ScoreEntry]
    """The count of each profile that was run."""
    expired: tuple[str, ...]
    """The ids of the baseline's entries that count no longer."""
    cases: tuple[CaseEntry, ...]
    """Each case that was run or skipped, in the order of their ids."""
    causes: tuple[CauseEntry, ...] = ()
    """What to mend, what turns most cases green first."""
    compared: Comparison | None = None
    """What is better and worse than in an earlier report, where one was given."""
    unfinished: str | None = None
    """Why not all was judged that was asked for, null where it was."""

"""The properties: for whatever is drawn, no invariant breaks."""

import hashlib
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import hypothesis
import msgspec
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis.strategies import SearchStrategy

from ..suite.capabilities import missing
from ..suite.case import Case, Variant
from ..suite.case_result import CaseResult
from ..suite.endings import ended
from ..suite.pool import Lease
from ..suite.settings import Settings
from ..suite.staging import open_stage
from ..suite.verdicts import CheckResult, Level, Verdict, judge
from . import draw
from .play import play_script
from .script import Script

INVARIANTS: Mapping[str, str] = {
    "INV-1": "only a whole, valid token answer makes tokens",
    "INV-2": "a refresh token is replaced by a success only, and given up on invalid_grant only",
    "INV-3": "a code is sent once, and a superseded refresh token never",
    "INV-4": "one operation sends a bounded number of requests and waits a bounded time",
    "INV-5": "nothing is asked earlier than Retry-After says",
    "INV-6": "a secret is in no query string, and in nothing that is printed or reported",
    "INV-7": "the reported kind is one that the tables allow for the answer",
    "INV-8": "two refreshes of one credential are never in flight at once",
    "INV-9": "without the faults the next operation succeeds, unless a human is needed",
    "INV-10": "the end of the process loses nothing that was saved",
}


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of a replay."""

    script: Script | None = None


class Broken(Exception):
    """A drawn script breaks an invariant."""

    def __init__(self, script: Script, broken: Sequence[str]) -> None:
        super().__init__(broken[0])
        self.script = script
        self.broken = broken


def _case(number: int, name: str, requirement: str, needs: Sequence[str]) -> Case:
    return Case(
        id=f"P{number:02}",
        name=f"property/{name}",
        level=Level.MUST,
        severity=1,
        requirement=requirement,
        source="the invariants INV-1 to INV-10",
        injects="drawn answers and drawn sequences of operations",
        observes="reported kind, stored token, journal, standard error",
        checks=INVARIANTS,
        needs=needs,
        max_wait_ms=100,
        is_slow=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """Scripts of one kind, under which no invariant breaks."""

    case: Case
    scripts: SearchStrategy[Script]
    examples: int


PROPERTIES = (
    Property(
        case=_case(
            1,
            "exchange-answers",
            "whatever the token endpoint answers to a code, no invariant breaks",
            ["begin", "callback", "seed", "state"],
        ),
        scripts=draw.exchanges(),
        examples=60,
    ),
    Property(
        case=_case(
            2,
            "refresh-answers",
            "whatever the token endpoint answers to refreshes in a row, no invariant breaks",
            ["refresh", "seed", "state"],
        ),
        scripts=draw.refreshes(),
        examples=60,
    ),
    Property(
        case=_case(
            3,
            "api-answers",
            "whatever the API answers, no invariant breaks",
            ["call", "seed", "state"],
        ),
        scripts=draw.calls(),
        examples=60,
    ),
    Property(
        case=_case(
            4,
            "sequences",
            "whatever happens one after the other, no invariant breaks",
            ["call", "seed", "state", "refresh=auto"],
        ),
        scripts=draw.sequences(),
        examples=40,
    ),
)


def run_property(
    one: Property, lease: Lease, *, settings: Settings, folder: Path | None
) -> CaseResult:
    """Try a property; its result holds the shrunk script where it breaks.

    `folder` is where replays of earlier runs are.
    """
    started = time.monotonic()
    if lacks := missing(one.case.needs, lease.carrier.ready):
        told = f"not-supported: {', '.join(lacks)}"
        return CaseResult(case=one.case, verdict=Verdict.SKIP, reason=told)
    result = CaseResult(case=one.case, verdict=Verdict.PASS, checks=_passed(one.case))
    try:
        _search(one, lease, settings, folder)
    except Broken as found:
        result = broken_property(one.case, found.script, found.broken, settings)
    except Exception as error:
        result = ended(result, error)
    return replace(result, seconds=time.monotonic() - started)


def broken_property(
    case: Case, script: Script, broken: Sequence[str], settings: Settings
) -> CaseResult:
    """Give the result of a script under which something does not hold."""
    told = {one.partition(":")[0]: one.partition(": ")[2] for one in broken}
    steps = [msgspec.json.encode(step).decode() for step in script.steps]
    checks = [
        replace(
            check,
            verdict=judge(check.level, holds=False, strict=settings.strict),
            evidence={"variant": "", "found": told[name], "script": steps},
        )
        if (name := check.check.partition(":")[2]) in told
        else check
        for check in _passed(case)
    ]
    plain: dict[str, object] = msgspec.to_builtins(script)
    return CaseResult(case=case, verdict=Verdict.FAIL, checks=checks, script=plain)


def play_once(case: Case, script: Script, lease: Lease, settings: Settings) -> list[str]:
    """Play one script on a stage of its own; give what breaks. Raises a DrivingError."""
    lease.drop_if_dead()
    put = replace(case, provider={**case.provider, **script.provider})
    with open_stage(put, Variant(), lease, settings) as stage:
        return play_script(stage, script)


def _search(one: Property, lease: Lease, settings: Settings, folder: Path | None) -> None:
    """Look for a script that breaks an invariant, first among those that once did.

    Raises Broken with the shortest one. Hypothesis has a database for this, but not beside a
    seed.
    """
    for script in _known(folder, one.case):
        if broken := play_once(one.case, script, lease, settings):
            raise Broken(script, broken)
    seed = int.from_bytes(hashlib.sha256(settings.seed.encode()).digest()[:8], "big")

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=one.examples,
        database=None,
        deadline=None,
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(script=one.scripts)
    def holds(script: Script) -> None:
        if broken := play_once(one.case, script, lease, settings):
            raise Broken(script, broken)

    holds()


def _known(folder: Path | None, case: Case) -> list[Script]:
    """Give the script of an earlier run's replay."""
    path = None if folder is None else folder / f"{case.id}.json"
    if path is None or not path.exists():
        return []
    with suppress(msgspec.DecodeError, UnicodeDecodeError):
        script = msgspec.json.decode(path.read_bytes(), type=Known).script
        return [] if script is None else [script]
    return []


def _passed(case: Case) -> list[CheckResult]:
    return [
        CheckResult(
            check=f"{case.id}:{name}",
            level=case.level,
            verdict=Verdict.PASS,
            requirement=requirement,
        )
        for name, requirement in case.checks.items()
    ]

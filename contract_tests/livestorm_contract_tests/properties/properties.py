"""The properties: for whatever is drawn, no invariant breaks."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from ..driving.evidence import evidence_of
from ..driving.outcome import Outcome
from ..invariants.registry import INVARIANTS, Judged
from ..suite.capabilities import missing
from ..suite.case import Case, Variant
from ..suite.case_result import CaseResult
from ..suite.client import CutShort
from ..suite.driver import Unsupported
from ..suite.endings import ended
from ..suite.pool import Lease
from ..suite.settings import Settings
from ..suite.staging import open_stage
from ..suite.verdicts import CheckResult, Level, Verdict, judge
from .play import play_script
from .script import Script

if TYPE_CHECKING:
    from .search import UnsteadyError


class Broken(Exception):
    """A drawn script breaks an invariant."""

    def __init__(self, script: Script) -> None:
        super().__init__(script)
        self.script = script


def _case(
    number: int, name: str, requirement: str, needs: Sequence[str], without: Sequence[str] = ()
) -> Case:
    """Make a case that is judged by the invariants, `without` those that no script can break."""
    judges = {name: one for name, one in INVARIANTS.items() if name not in without}
    return Case(
        id=f"P{number:02}",
        name=f"property/{name}",
        level=Level.MUST,
        severity=1,
        requirement=requirement,
        source=f"the invariants {', '.join(judges)}",
        injects="drawn answers and drawn sequences of operations",
        observes="reported kind, stored token, journal, standard error",
        checks={name: one.requirement for name, one in judges.items()},
        needs=needs,
        max_wait_ms=100,
        is_slow=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """Scripts of one kind, under which no invariant breaks."""

    case: Case
    examples: int
    """How many scripts are drawn."""
    draws: int = 1
    """The number of what can be drawn: more of it is a new number, which older sets don't score."""


NOT_EACH_TIME = "played again, the script did not break it each time"

ONE_CALL_AND_NO_RESTART = ("INV-8", "INV-10")
"""What is for scripts with calls at once, or with an end of the process."""

_ALL = (
    Property(
        case=_case(
            1,
            "exchange-answers",
            "whatever the token endpoint answers to a code, no invariant breaks",
            ["begin", "callback", "seed", "state"],
            without=ONE_CALL_AND_NO_RESTART,
        ),
        examples=60,
    ),
    Property(
        case=_case(
            2,
            "refresh-answers",
            "whatever the token endpoint answers to refreshes in a row, no invariant breaks",
            ["refresh", "seed", "state"],
            without=ONE_CALL_AND_NO_RESTART,
        ),
        examples=60,
    ),
    Property(
        case=_case(
            3,
            "api-answers",
            "whatever the API answers, no invariant breaks",
            ["call", "seed", "state"],
            without=ONE_CALL_AND_NO_RESTART,
        ),
        examples=60,
    ),
    Property(
        case=_case(
            4,
            "sequences",
            "whatever happens one after the other, no invariant breaks",
            ["call", "seed", "state", "refresh=auto|explicit"],
        ),
        examples=40,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came out of a script."""

    judged: Judged
    outcomes: Sequence[Outcome]
    """The operations of its end, without looks at what is stored."""

    @property
    def is_broken(self) -> bool:
        """Tell whether an invariant does not hold."""
        return any(self.judged.values())


MOST_SHOWN = 8
"""How many operations of a script are shown."""

PROPERTIES: Mapping[str, Property] = {one.case.id: one for one in _ALL}


def run_property(
    one: Property, lease: Lease, *, settings: Settings, known: Sequence[Script] = ()
) -> CaseResult:
    """Try a property; its result holds the shrunk script where it breaks.

    `known` are scripts that once broke it, which are tried first.
    """
    started = time.monotonic()
    try:
        if lacks := missing(one.case.needs, lease.carrier.ready):
            raise Unsupported(", ".join(lacks))
        result = _tried(one, lease, settings, known)
    except Exception as error:
        result = ended(CaseResult(case=one.case, verdict=Verdict.PASS), error)
    return replace(result, seconds=time.monotonic() - started)


def _tried(one: Property, lease: Lease, settings: Settings, known: Sequence[Script]) -> CaseResult:
    """Play scripts until one breaks the property, or so many were drawn. Raises a DrivingError."""
    # Whoever runs none does not wait for the library that draws them.
    from .search import UnsteadyError, search

    seen: list[Played] = []
    broke: list[tuple[Script, Played]] = []

    def holds(script: Script) -> None:
        seen.append(play_once(one.case, script, lease, settings))
        if seen[-1].is_broken:
            broke.append((script, seen[-1]))
            raise Broken(script)

    try:
        for script in known:
            holds(script)
        search(one.case.id, holds, examples=one.examples, seed=settings.seed)
    except Broken as found:
        return _broken(one.case, found.script, seen, settings)
    except UnsteadyError as error:
        return _sometimes_broken(one.case, error, broke, seen, settings)
    return _passed(one.case, seen)


def play_again(case: Case, script: Script, lease: Lease, *, settings: Settings) -> CaseResult:
    """Play one script of a property, and judge the property by it."""
    try:
        played = play_once(case, script, lease, settings)
    except Exception as error:
        return ended(CaseResult(case=case, verdict=Verdict.PASS), error)
    if played.is_broken:
        return _broken(case, script, [played], settings)
    return _passed(case, [played])


def play_once(case: Case, script: Script, lease: Lease, settings: Settings) -> Played:
    """Play one script on a stage of its own; give what came out. Raises a DrivingError."""
    lease.drop_if_dead()
    put = replace(case, provider={**case.provider, **script.provider})
    with open_stage(put, Variant(), lease, settings) as stage:
        try:
            judged = play_script(stage, script)
        except CutShort:
            judged = {"INV-7": "a flow has to begin, and the server to take its request"}
        shown = [one for one in stage.verdicts.outcomes if one.op != "state"][-MOST_SHOWN:]
        return Played(judged=judged, outcomes=shown)


def _passed(case: Case, seen: Sequence[Played]) -> CaseResult:
    checks = [_check(case, name) for name in _held(seen)]
    return CaseResult(case=case, verdict=Verdict.PASS, checks=checks)


def _broken(case: Case, script: Script, seen: Sequence[Played], settings: Settings) -> CaseResult:
    """Give the result of a script under which something does not hold, the last of those seen."""
    steps = [msgspec.json.encode(step).decode() for step in script.steps]
    shown = {"script": steps, "outcomes": evidence_of(seen[-1].outcomes)}
    verdict = judge(case.level, holds=False, strict=settings.strict)
    checks = {name: _check(case, name) for name in _held(seen)} | {
        name: replace(
            _check(case, name),
            verdict=verdict,
            evidence={"variant": "", "found": told, **shown},
        )
        for name, told in seen[-1].judged.items()
        if told is not None
    }
    return CaseResult(
        case=case,
        verdict=Verdict.FAIL,
        checks=[checks[name] for name in INVARIANTS if name in checks],
        script=msgspec.to_builtins(script),
    )


def _sometimes_broken(
    case: Case,
    error: "UnsteadyError",
    broke: Sequence[tuple[Script, Played]],
    seen: Sequence[Played],
    settings: Settings,
) -> CaseResult:
    """Give the result where the same script broke an invariant, or ended the play, once only."""
    if not broke:
        return ended(CaseResult(case=case, verdict=Verdict.PASS), error.end)
    script, played = broke[-1]
    told = {name: text and f"{text}; {NOT_EACH_TIME}" for name, text in played.judged.items()}
    return _broken(case, script, [*seen, replace(played, judged=told)], settings)


def _held(seen: Sequence[Played]) -> list[str]:
    """Give the invariants that were judged, and that no script has broken."""
    told = {name: [one.judged[name] for one in seen if name in one.judged] for name in INVARIANTS}
    return [name for name, every in told.items() if every and not any(every)]


def _check(case: Case, name: str) -> CheckResult:
    return CheckResult(
        check=f"{case.id}:{name}",
        level=case.level,
        verdict=Verdict.PASS,
        requirement=INVARIANTS[name].requirement,
    )

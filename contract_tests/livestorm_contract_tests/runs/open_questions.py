"""What nobody knows of Livestorm, as provider options: a client should work under each value.

The values are those of docs/open-questions.md that the core of a client can notice: no rate
limits, which it leaves off, and nothing that only browsers, private tokens or other endpoints
meet. The first value of each is the default and is not here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from ..driving.carrier import AdapterFailed
from ..suite.case_result import CaseResult
from ..suite.verdicts import NOT_PASSED, Verdict
from .jobs import Interrupted, Judged, Tell, UnderWay, jobs_of, run_jobs
from .plan import Plan

ALTERNATIVES: Final[Mapping[str, Sequence[object]]] = {
    "release": ("6.0",),
    "rotation": ("instant", "grace", "family", "grace_then_family", "never"),
    "force_pkce": ("all",),
    "token_format": ("jwt",),
    "bearer_401_body": ("jsonapi",),
    "missing_scope_status": (401,),
    "attribute_case": ("camelCase",),
    "api_content_type": (
        "application/vnd.api+json",
        "application/json; charset=utf-8",
        "application/json",
    ),
}


def alternatives() -> list[dict[str, object]]:
    """Give each value by itself, as provider options."""
    return [{name: value} for name, values in ALTERNATIVES.items() for value in values]


def described(provider: Mapping[str, object]) -> str:
    """Name provider options: `rotation = "instant"`."""
    return ", ".join(f"{name} = {json.dumps(value)}" for name, value in provider.items())


def run_core(
    plan: Plan, results: Sequence[CaseResult], *, tell: Tell, under_way: UnderWay | None = None
) -> Judged:
    """Run the core under each alternative; give the results, with those that fail under one only.

    What passes as far as Livestorm is known, and fails under an alternative, is a warning, and
    under `--strict` a failure where the set of requirements holds the value. Whatever ends it
    before its time costs nothing that is known by then.
    """
    found = {result.case.id: result for result in results}
    cases = [case for case in plan.core if case.id in found]
    for provider in plan.core_under if cases else ():
        under = replace(plan.settings, provider={**plan.settings.provider, **provider})
        cut_off, unfinished = None, None
        try:
            _, tried = run_jobs(
                jobs_of(cases, under),
                plan.client.launch,
                under,
                tell=tell,
                under_way=under_way,
                score=plan.score,
            )
        except Interrupted as interruption:
            tried, cut_off = list(interruption.results), interruption.running
            unfinished = f"interrupted under {described(provider)}"
        except AdapterFailed as error:
            tried, unfinished = [], f"the client under {described(provider)}: {error}"
        for failed in (one for one in tried if one.fails):
            found[failed.case.id] = _seen_under(provider, found[failed.case.id], failed, plan)
        if unfinished is not None:
            return Judged(results=[*found.values()], cut_off=cut_off, unfinished=unfinished)
    return Judged(results=[*found.values()])


def _seen_under(
    provider: Mapping[str, object], known: CaseResult, failed: CaseResult, plan: Plan
) -> CaseResult:
    """Give what is known of a case that failed under an alternative."""
    counts = plan.counts_under(provider)
    if failed.verdict is Verdict.ERROR and counts:
        asked = () if known.fails else (described(provider),)
        return replace(failed, only_if=[*known.only_if, *asked])
    if known.verdict in NOT_PASSED:
        return known
    fails = plan.settings.strict and counts
    return _only_if(known, failed, described(provider), fails=fails)


def _only_if(known: CaseResult, failed: CaseResult, what: str, *, fails: bool) -> CaseResult:
    questions = [*known.only_if, what]
    return replace(
        failed,
        verdict=Verdict.FAIL if fails else Verdict.WARN,
        only_if=questions,
        reason=f"fails only if Livestorm does: {'; '.join(questions)}",
    )

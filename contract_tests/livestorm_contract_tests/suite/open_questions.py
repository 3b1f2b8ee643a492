"""What nobody knows of Livestorm, as provider options: a client should work under each value.

The values are those of docs/open-questions.md, but for rate limits, which the core leaves off;
the first value of each is the default and is not here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from .case import Case
from .case_result import CaseResult
from .pool import Launch
from .runner import Tell, jobs_of, run_jobs
from .settings import Settings
from .verdicts import NOT_PASSED, Verdict

ALTERNATIVES: Final[Mapping[str, Sequence[object]]] = {
    "release": ("6.0",),
    "rotation": ("instant", "grace", "family", "never"),
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


def run_alternatives(
    results: Sequence[CaseResult],
    cases: Sequence[Case],
    launch: Launch,
    settings: Settings,
    *,
    tell: Tell,
) -> list[CaseResult]:
    """Run cases under each alternative; give the results, with those that fail under one only.

    What passes as far as Livestorm is known, and fails under an alternative, is a warning, and
    under `--strict` a failure. Raises AdapterFailed where the client never gets ready.
    """
    found = {result.case.id: result for result in results}
    for provider in alternatives():
        under = replace(settings, provider={**settings.provider, **provider})
        _, tried = run_jobs(jobs_of(cases, under), launch, under, tell=tell)
        for result in tried:
            if result.verdict in NOT_PASSED and found[result.case.id].verdict not in NOT_PASSED:
                found[result.case.id] = _only_if(
                    found[result.case.id], result, described(provider), strict=settings.strict
                )
    return list(found.values())


def _only_if(known: CaseResult, failed: CaseResult, what: str, *, strict: bool) -> CaseResult:
    questions = [*known.only_if, what]
    return replace(
        failed,
        verdict=Verdict.FAIL if strict else Verdict.WARN,
        only_if=questions,
        reason=f"fails only if Livestorm does: {'; '.join(questions)}",
    )

"""Keeping what did not pass, and playing it again."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from ..driving.under_test import ClientUnderTest
from ..properties.properties import play_again
from ..suite.case_result import CaseResult
from ..suite.settings import Settings
from ..suite.verdicts import NOT_PASSED, Verdict
from .catalogue import all_cases_and_properties
from .jobs import Job, jobs_of
from .plan import Plan
from .replay import Replay, save_replay
from .run import Run


def keep_replays(run: Run, folder: Path) -> tuple[Run, list[OSError]]:
    """Write a file for each case that did not pass; name it in its result.

    Give why some of them could not be written, too.
    """
    results: list[CaseResult] = []
    failures: list[OSError] = []
    for result in run.results:
        kept = None
        if result.verdict in (*NOT_PASSED, Verdict.WARN):
            try:
                kept = str(save_replay(result, run.client, run.settings, folder))
            except OSError as failure:
                failures.append(failure)
        results.append(replace(result, replay=kept))
    return replace(run, results=results), failures


def plan_of_replay(replay: Replay, client: ClientUnderTest) -> Plan:
    """Give the plan that plays a failure again, to this client."""
    settings = Settings(seed=replay.seed, strict=replay.strict, workers=1, provider=replay.provider)
    return Plan(
        client=client, jobs=jobs_of_replay(replay, settings), settings=settings, scores_all=True
    )


def jobs_of_replay(replay: Replay, settings: Settings) -> list[Job]:
    """Give the jobs that play a failure again; where a script broke it, without drawing."""
    case = all_cases_and_properties()[replay.case]
    if replay.script is not None:
        again = partial(play_again, case, replay.script, settings=settings)
        return [Job(case=case, run=again)]
    wanted = [one for one in case.variants if one.name in replay.variants or not replay.variants]
    return jobs_of([replace(case, variants=wanted)], settings)

"""Keeping what did not pass, and playing it again."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from ..driving.under_test import ClientUnderTest
from ..properties.properties import play_again
from ..suite.settings import Settings
from ..suite.verdicts import NOT_PASSED, Verdict
from .catalogue import all_cases_and_properties
from .jobs import Job, jobs_of
from .plan import Plan
from .replay import Replay, save_replay
from .run import Run


def keep_replays(run: Run, folder: Path) -> Run:
    """Write a file for each case that did not pass; name it in its result. Raises OSError."""
    loud = (*NOT_PASSED, Verdict.WARN)
    results = [
        replace(one, replay=str(save_replay(one, run.client, run.settings, folder)))
        if one.verdict in loud
        else one
        for one in run.results
    ]
    return replace(run, results=results)


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

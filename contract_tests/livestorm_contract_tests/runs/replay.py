"""A failure as one file that can be played again."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from ..driving.under_test import BareClient, ClientUnderTest
from ..properties.properties import play_again
from ..properties.script import Script
from ..suite.case_result import CaseResult
from ..suite.settings import Settings
from ..suite.verdicts import NOT_PASSED, Verdict
from .catalogue import all_cases_and_properties
from .plan import Plan
from .run import Run
from .runner import Job, jobs_of


class ReplayError(Exception):
    """A file can't be replayed; the text names it and what is wrong."""


class Replay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is needed to play a failure again; `client` and `command` as on the command line."""

    replay: Literal[1] = 1
    """The version of this shape."""
    client: str | UnsetType = UNSET
    command: str | UnsetType = UNSET
    case: str
    seed: str
    strict: bool = False
    provider: Mapping[str, object] = {}
    variants: tuple[str, ...] = ()
    """The variants of the case that did not pass."""
    script: Script | None = None
    """What breaks a property."""
    checks: tuple[str, ...] = ()
    """The checks that did not pass."""

    def __post_init__(self) -> None:
        if (self.client is UNSET) == (self.command is UNSET):
            raise ValueError("expected either `client` or `command`")


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


def save_replay(
    result: CaseResult, client: ClientUnderTest, settings: Settings, folder: Path
) -> Path:
    """Write what did not pass into a folder; give the file. Raises OSError."""
    replay = Replay(
        client=UNSET if isinstance(client, BareClient) else client.name,
        command=client.text if isinstance(client, BareClient) else UNSET,
        case=result.case.id,
        seed=settings.seed,
        strict=settings.strict,
        provider=settings.provider,
        variants=tuple(result.variants),
        script=None if result.script is None else msgspec.convert(result.script, Script),
        checks=tuple(one.check for one in result.checks if one.verdict in NOT_PASSED),
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{result.case.id}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(replay), indent=2) + b"\n")
    return path


def load_replay(path: Path) -> Replay:
    """Read a file. Raises ReplayError."""
    try:
        replay = msgspec.json.decode(path.read_bytes(), type=Replay)
    except OSError as error:
        raise ReplayError(f"{path}: can't be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ReplayError(f"{path}: no replay: {error}") from None
    if replay.case not in all_cases_and_properties():
        raise ReplayError(f"{path}: case is {replay.case!r}, which this suite does not have")
    return replay


def plan_of_replay(replay: Replay, client: ClientUnderTest) -> Plan:
    """Give the plan that plays a failure again, to this client."""
    settings = Settings(seed=replay.seed, strict=replay.strict, workers=1, provider=replay.provider)
    return Plan(client=client, jobs=jobs_of_replay(replay, settings), settings=settings)


def jobs_of_replay(replay: Replay, settings: Settings) -> list[Job]:
    """Give the jobs that play a failure again; where a script broke it, without drawing."""
    case = all_cases_and_properties()[replay.case]
    if replay.script is not None:
        again = partial(play_again, case, replay.script, settings=settings)
        return [Job(case=case, run=again)]
    wanted = [one for one in case.variants if one.name in replay.variants or not replay.variants]
    return jobs_of([replace(case, variants=wanted)], settings)

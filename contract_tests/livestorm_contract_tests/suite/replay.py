"""A failure as one file that can be played again."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec

from ..properties.properties import PROPERTIES, play_again
from ..properties.script import Script
from .case import Case
from .catalogue import all_cases
from .runner import Job, jobs_of
from .settings import Settings
from .verdicts import NOT_PASSED, CaseResult


class ReplayError(Exception):
    """A file can't be replayed; the text names it and what is wrong."""


class Replay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is needed to play a failure again."""

    replay: Literal[1] = 1
    """The version of this shape."""
    client: str
    """The command of the client."""
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


def save_replay(result: CaseResult, client: str, settings: Settings, folder: Path) -> Path:
    """Write what did not pass into a folder; give the file."""
    script = None if result.script is None else msgspec.convert(result.script, Script)
    replay = Replay(
        client=client,
        case=result.case.id,
        seed=settings.seed,
        strict=settings.strict,
        provider=settings.provider,
        variants=tuple(result.variants),
        script=script,
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
    if replay.case not in known_cases():
        raise ReplayError(f"{path}: case is {replay.case!r}, which this suite does not have")
    return replay


def known_cases() -> dict[str, Case]:
    """Give all cases and properties by id."""
    return dict(all_cases()) | {one.case.id: one.case for one in PROPERTIES}


def jobs_of_replay(replay: Replay, settings: Settings) -> list[Job]:
    """Give the jobs that play a failure again, without drawing anything."""
    case = known_cases()[replay.case]
    if replay.script is not None:
        again = partial(play_again, case, replay.script, settings=settings)
        return [Job(case=case, run=again)]
    wanted = [one for one in case.variants if one.name in replay.variants or not replay.variants]
    return jobs_of([replace(case, variants=wanted)], settings)

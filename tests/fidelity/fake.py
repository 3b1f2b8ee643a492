"""Runs the fake as the recorded provider."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from livestorm_mock_server import MockLivestorm

from .recordings import load_recordings
from .replayer import Verdict, replay
from .servers import VirtualTimeServer

PROFILES_FOLDER = Path(__file__).parent / "profiles"


@contextmanager
def run_fake(profile: str, release: str, **provider: Any) -> Iterator[VirtualTimeServer]:
    """Run the fake with a profile's scenario and further options, answering as `release`.

    Its clock is frozen: how long a replay takes must not show in what is left of a lifetime.
    """
    scenario = PROFILES_FOLDER / f"{profile}.toml"
    with MockLivestorm(scenario=scenario, release=release, **provider) as livestorm:
        livestorm.clock.freeze()
        yield VirtualTimeServer(livestorm.app_url, livestorm.clock.now())


def replay_against_fake(profile: str, release: str) -> Iterator[Verdict]:
    """Replay what is recorded of a profile in a release, each recording against a fake of its own.

    The recorded providers differ in what ran below the engine.
    """
    for recording in load_recordings(profile):
        if recording.cases_of(release):
            with run_fake(profile, release, **recording.provider) as server:
                yield from replay(recording, release, server)

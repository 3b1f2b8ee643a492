"""Runs the fake as the recorded provider."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from livestorm_mock_server import MockLivestorm

from .servers import VirtualTimeServer

PROFILES_FOLDER = Path(__file__).parent / "profiles"


@contextmanager
def run_fake(profile: str, release: str) -> Iterator[VirtualTimeServer]:
    """Run the fake with a profile's scenario, answering as `release`.

    Its clock is frozen: how long a replay takes must not show in what is left of a lifetime.
    """
    scenario = PROFILES_FOLDER / f"{profile}.toml"
    with MockLivestorm(scenario=scenario, release=release) as livestorm:
        livestorm.clock.freeze()
        yield VirtualTimeServer(livestorm.app_url, livestorm.clock.now())

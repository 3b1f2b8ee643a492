"""Where the processor time of a refresh goes, by the parts of the fake; in one process."""

import asyncio
import cProfile
import pstats
from collections.abc import Iterator, Mapping
from pathlib import Path

import livestorm_mock_server

from .growth import FEW, filled
from .row import Row, told

REFRESHES = 2_000
_FOLDER = Path(livestorm_mock_server.__file__).parent
_Stats = Mapping[tuple[str, int, str], tuple[int, int, float, float, object]]
_TOLD = 0.03
"""The least share that has a row of its own."""


def measure() -> Iterator[Row]:
    """Profile refreshes, and tell the share of each part; what is built in counts for its caller.

    The profiler makes calls dearer than they are, so that the shares are rough.
    """
    profile = asyncio.run(_profile())
    stats: _Stats = vars(pstats.Stats(profile))["stats"]  # Its stubs have no attributes.
    calls = sum(calls for _, calls, *_ in stats.values())
    yield told(
        "calls of functions in a refresh, beside what is built in", f"{calls / REFRESHES:.0f}"
    )
    shares = _shares(stats)
    named = {part: share for part, share in shares.items() if share >= _TOLD}
    for part, share in sorted(named.items(), key=lambda one: -one[1]):
        yield told(f"share of `{part}` in a refresh", f"{share:.0%}")
    yield told("share of all other parts", f"{1 - sum(named.values()):.0%}")


async def _profile() -> cProfile.Profile:
    some = await filled(FEW)
    tokens = [(await some.token())["refresh_token"] for _ in range(REFRESHES)]
    profile = cProfile.Profile(builtins=False)
    for token in tokens:
        with profile:
            await some.post("/oauth/token", grant_type="refresh_token", refresh_token=token)
    return profile


def _shares(stats: _Stats) -> Mapping[str, float]:
    own: dict[str, float] = {}
    for (file, *_), (_, _, seconds, *_) in stats.items():
        part = _part_of(Path(file))
        own[part] = own.get(part, 0.0) + seconds
    return {part: seconds / sum(own.values()) for part, seconds in own.items()}


def _part_of(file: Path) -> str:
    """Give the folder, or the file, of the fake that a file is in."""
    if not file.is_relative_to(_FOLDER):
        return "libraries"
    first, *rest = file.relative_to(_FOLDER).parts
    return f"{first}/" if rest else first

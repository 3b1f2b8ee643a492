"""What Puma answered to each probe when it was recorded last."""

from pathlib import Path

import msgspec

from .observing import Observation

FILE = Path(__file__).parent / "recording.json"


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """All observations of one version of Debian's package."""

    puma: str
    observed: dict[str, Observation]
    """By the probe's id."""


def load_recording() -> Recording:
    """Read the recording; an empty one where there is none."""
    if not FILE.exists():
        return Recording(puma="", observed={})
    return msgspec.json.decode(FILE.read_bytes(), type=Recording)


def store_recording(recording: Recording) -> None:
    """Write the recording, a line for each probe."""
    rows = (
        f'"{name}": {msgspec.json.encode(one).decode()}'
        for name, one in sorted(recording.observed.items())
    )
    lines = ",\n".join(rows)
    FILE.write_text(f'{{"puma": "{recording.puma}", "observed": {{\n{lines}\n}}}}\n', "utf-8")


def drift(before: Recording, now: Recording) -> list[str]:
    """Say of each probe that both have what is another."""
    return [
        f"{name}: was {before.observed[name]}, is {one}"
        for name, one in now.observed.items()
        if before.observed.get(name, one) != one
    ]

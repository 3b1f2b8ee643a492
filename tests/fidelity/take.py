"""Takes over what later releases answered: `python -m tests.fidelity.take FOLDER`.

The folder holds one recording of our own cases per profile, `main.json` for one, in the format of
`recordings/own/`, with the answers of 5.5 and of later releases.
"""

import argparse
import sys
from pathlib import Path

import msgspec

from .merging import add_releases, is_same_case
from .recording import drift
from .recordings import (
    OWN_FOLDER,
    PROFILES,
    Case,
    Recording,
    dump_recording,
    load_recording,
)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 1 if a case was not taken, as its requests or 5.5's answers differ."""
    parser = argparse.ArgumentParser(prog="take", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args(arguments).folder
    complaints: list[str] = []
    for file in sorted(file for file in folder.glob("*.json") if file.stem in PROFILES):
        complaints += take(file, OWN_FOLDER / file.name)
    sys.stdout.write("".join(f"{line}\n" for line in complaints))
    return int(bool(complaints))


def take(file: Path, own_file: Path) -> list[str]:
    """Add the answers of `file` to `own_file`; return why cases were left out."""
    later, own = load_recording(file), load_recording(own_file)
    reasons = {case.name: reason_against(case, own, later) for case in later.cases}
    good = tuple(case for case in later.cases if reasons[case.name] is None)
    joined = add_releases(own, msgspec.structs.replace(later, cases=good))
    own_file.write_text(dump_recording(joined), encoding="utf-8")
    return [f"{name}: {reason}" for name, reason in reasons.items() if reason is not None]


def reason_against(case: Case, own: Recording, later: Recording) -> str | None:
    """Say why a case's answers can't be taken over, None where they can."""
    ours = next((one for one in own.cases if one.name == case.name), None)
    if ours is None:
        return "there is no such case of our own"
    if not is_same_case(ours, case):
        return "its requests are others"
    only_theirs = msgspec.structs.replace(later, cases=(case,))
    differing = next(drift(only_theirs, msgspec.structs.replace(own, cases=(ours,))), None)
    return None if differing is None else f"5.5 answers otherwise: {differing}"


if __name__ == "__main__":
    sys.exit(main())

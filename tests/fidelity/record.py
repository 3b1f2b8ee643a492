"""Records cases anew from the real engine: `python -m tests.fidelity.record [PROFILE]...`.

Shows in what the stored recordings have drifted, and writes our own cases, as defined under
`definitions/`, to `recordings/own/`. Needs Ruby and Debian's packages; installs nothing.
"""

import argparse
import sys

import msgspec

from .definitions.profiles import DEFINITIONS
from .engine import missing_packages, run_engine
from .recording import COMPARED_HEADERS, drift, record
from .recordings import FOLDER, OWN_FOLDER, PROFILES, Recording, dump_recording, load_recording

NOT_INSTALLED = 3
"""Exit status where Ruby or a package is missing."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit status: 0 without drift, 1 with drift, 3 without Ruby."""
    parser = argparse.ArgumentParser(prog="record", description=__doc__)
    parser.add_argument("profiles", nargs="*", metavar="PROFILE", help="all where none is named")
    profiles = parser.parse_args(arguments).profiles or PROFILES
    if unknown := [profile for profile in profiles if profile not in PROFILES]:
        parser.error(f"unknown profile {unknown[0]!r}, have: {', '.join(PROFILES)}")
    if missing := missing_packages():
        _say(f"missing: {' '.join(missing)}\ninstall with: apt-get install {' '.join(missing)}")
        return NOT_INSTALLED
    drifted = [profile for profile in profiles if record_profile(profile)]
    return int(bool(drifted))


def record_profile(profile: str) -> bool:
    """Record one profile's cases, the given ones first; say and return whether any drifted."""
    given_file = FOLDER / f"{profile}.json"
    stored = load_recording(given_file) if given_file.exists() else _nothing(profile)
    own_file = OWN_FOLDER / f"{profile}.json"
    with run_engine(profile) as engine:
        again = record(stored.cases, profile, engine, stored.compared_headers)
        own = record(DEFINITIONS[profile], profile, engine, COMPARED_HEADERS)
    findings = [str(finding) for finding in drift(stored, again)]
    if own_file.exists():
        findings += _own_drift(load_recording(own_file), own)
    own_file.write_text(dump_recording(own), encoding="utf-8")
    _say(f"{profile}: {len(stored.cases)} cases, {len(own.cases)} of our own", *findings)
    return bool(findings)


def _nothing(profile: str) -> Recording:
    """Stand in for the given recording of a profile that is all our own."""
    return Recording(profile=profile, compared_headers=COMPARED_HEADERS, cases=())


def _own_drift(old: Recording, new: Recording) -> list[str]:
    known = {case.name: case for case in new.cases}
    kept = tuple(case for case in old.cases if case.name in known)
    return [
        str(finding)
        for finding in drift(
            msgspec.structs.replace(old, cases=kept),
            msgspec.structs.replace(new, cases=tuple(known[case.name] for case in kept)),
        )
    ]


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())

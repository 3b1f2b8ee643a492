"""Records cases anew from the real engine: `python -m tests.fidelity.record [PROFILE]...`.

Shows in what the stored recordings have drifted, what the engine answers otherwise apart from what
comes from below it, and writes our own cases, as defined under `definitions/`, to
`recordings/own/`; what is known there of later releases is kept. Needs Ruby and Debian's packages;
installs nothing.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from .definitions.profiles import DEFINITIONS
from .engine import missing_packages, package_versions, run_engine
from .layers import vary_below
from .merging import add_releases, is_same_case
from .recording import COMPARED_HEADERS, drift, record
from .recordings import FOLDER, OWN_FOLDER, PROFILES, Recording, dump_recording, load_recording
from .replayer import Finding

NOT_INSTALLED = 3
"""Exit status where Ruby or a package is missing."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 1 if the engine itself answers otherwise, 3 without Ruby, else 0."""
    parser = argparse.ArgumentParser(prog="record", description=__doc__)
    parser.add_argument("profiles", nargs="*", metavar="PROFILE", help="all where none is named")
    profiles = parser.parse_args(arguments).profiles or PROFILES
    if unknown := [profile for profile in profiles if profile not in PROFILES]:
        parser.error(f"unknown profile {unknown[0]!r}, have: {', '.join(PROFILES)}")
    if missing := missing_packages():
        _say(f"missing: {' '.join(missing)}\ninstall with: apt-get install {' '.join(missing)}")
        return NOT_INSTALLED
    findings = [finding for profile in profiles for finding in record_profile(profile)]
    _say(*summary(findings))
    return int(any(finding.layer is None for finding in findings))


def record_profile(profile: str) -> list[Finding]:
    """Record one profile's cases, the given ones first; say and return what drifted."""
    given = _load(profile, FOLDER / f"{profile}.json")
    own_file = OWN_FOLDER / f"{profile}.json"
    stored = _load(profile, own_file)
    with run_engine(profile) as engine:
        again = record(given.cases, profile, engine, given.compared_headers)
        own = record(DEFINITIONS[profile], profile, engine, COMPARED_HEADERS)
        vary = vary_below(engine)
    findings = [*drift(given, again), *drift(same_cases(stored, own), own)]
    own = msgspec.structs.replace(own, provider={"vary": vary}, packages=package_versions())
    own_file.write_text(dump_recording(add_releases(own, stored)), encoding="utf-8")
    _say(f"{profile}: {len(given.cases)} cases, {len(own.cases)} of our own", *report(findings))
    _say(*changed_packages(stored.packages, own.packages))
    return findings


def same_cases(stored: Recording, new: Recording) -> Recording:
    """Return the stored recording with those cases only that send the same requests in the new."""
    recorded = {case.name: case for case in new.cases}
    kept = (case for case in stored.cases if case.name in recorded)
    same = tuple(case for case in kept if is_same_case(case, recorded[case.name]))
    return msgspec.structs.replace(stored, cases=same)


def report(findings: Iterable[Finding]) -> list[str]:
    """Say each thing that the engine answers otherwise, and count what comes from below it."""
    lines = []
    below: Counter[str] = Counter()
    for finding in findings:
        if finding.layer is None:
            lines.append(f"  {finding}")
        else:
            below[f"  below the engine, {finding.layer}: {finding.difference}"] += 1
    counted = (f"{line} ({_count(number, 'answer')})" for line, number in below.most_common())
    return [*lines, *counted]


def summary(findings: Sequence[Finding]) -> list[str]:
    """Say in one line for each layer whether its answers drifted."""
    engine = sum(finding.layer is None for finding in findings)
    below = Counter(finding.layer for finding in findings if finding.layer is not None)
    return [
        f"the engine: {_count(engine, 'difference') if engine else 'as recorded'}",
        *(f"{one}, below it: {_count(below[one], 'difference')}" for one in sorted(below)),
    ]


def changed_packages(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """Say which packages have another version than when the stored answers were recorded."""
    return [
        f"  {package} was {before[package]}, is {version}"
        for package, version in now.items()
        if before.get(package, version) != version
    ]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _load(profile: str, file: Path) -> Recording:
    """Read a recording; an empty one where there is no file yet."""
    if file.exists():
        return load_recording(file)
    return Recording(profile=profile, compared_headers=COMPARED_HEADERS, cases=())


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    sys.exit(main())

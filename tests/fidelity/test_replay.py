"""The fake answers as the recorded engine, as `docs/fidelity.md` says in figures."""

import pytest

from .exclusions import Exclusion, judge, load_exclusions
from .fake import replay_against_fake
from .recordings import PROFILES, RELEASES, load_recordings


@pytest.fixture(scope="module")
def exclusions() -> tuple[Exclusion, ...]:
    """The written exclusions."""
    return load_exclusions()


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("release", RELEASES)
def test_fake_answers_as_recorded(
    release: str, profile: str, exclusions: tuple[Exclusion, ...]
) -> None:
    """Every recorded case of a profile agrees in every release, but for written exclusions."""
    outcome = judge(replay_against_fake(profile, release), release, exclusions)
    findings = [str(finding) for verdict in outcome.differing for finding in verdict.findings]
    assert not findings, "\n".join(findings)
    assert not [verdict.case.name for verdict in outcome.stale], "exclusions that agree"


def test_exclusions_name_recorded_cases(exclusions: tuple[Exclusion, ...]) -> None:
    """Every exclusion is about a recorded case, in releases that it is recorded for."""
    known = {
        (case.name, release)
        for profile in PROFILES
        for recording in load_recordings(profile)
        for case in recording.cases
        for release in case.releases
    }
    excluded = {(one.case, release) for one in exclusions for release in one.releases}
    assert excluded <= known


def test_case_names_are_unique() -> None:
    """A case is known by its name alone, whatever its profile."""
    names = [
        case.name
        for profile in PROFILES
        for recording in load_recordings(profile)
        for case in recording.cases
    ]
    assert len(names) == len(set(names))

"""Brings together what was recorded of the same requests in different releases."""

from collections.abc import Iterable

import msgspec

from .recordings import RELEASES, Answer, Case, Exchange, Recording


def add_releases(base: Recording, later: Recording) -> Recording:
    """Give `base` with the answers that `later` has to the same requests in later releases.

    The first release is always that of `base`. A case that `later` doesn't have, or whose requests
    differ there, stays as it is. An answer is left out where it is like that of the release before.
    """
    unrecorded = dict(base.unrecorded)
    for release in RELEASES[1:]:
        missing = set(base.compared_headers) - set(later.headers_of(release))
        known = any(release in case.releases for case in later.cases)
        if known and missing:
            unrecorded[release] = tuple(h for h in base.compared_headers if h in missing)
    known_cases = {case.name: case for case in later.cases}
    joined = msgspec.structs.replace(
        base, unrecorded=unrecorded, provider=later.provider | base.provider
    )
    cases = tuple(_join(case, known_cases.get(case.name), joined) for case in base.cases)
    return msgspec.structs.replace(joined, cases=cases)


def is_same_case(one: Case, other: Case) -> bool:
    """Tell whether two cases send the same requests."""
    return without_answers(one) == without_answers(other)


def without_answers(case: Case) -> Case:
    """Give a case as it was defined: requests only."""
    steps = tuple(msgspec.structs.replace(step, answers={}) for step in case.exchanges)
    return msgspec.structs.replace(case, releases=RELEASES, exchanges=steps)


def _join(case: Case, later: Case | None, recording: Recording) -> Case:
    if later is None or not is_same_case(case, later):
        return case
    first = case.releases[:1]
    releases = (*first, *(one for one in later.releases if one not in first))
    steps = tuple(
        _join_answers(step, other, releases, recording)
        for step, other in zip(case.exchanges, later.exchanges, strict=True)
    )
    return msgspec.structs.replace(case, releases=releases, exchanges=steps)


def _join_answers(
    step: Exchange, later: Exchange, releases: Iterable[str], recording: Recording
) -> Exchange:
    first, *others = releases
    answers = {first: step.answers[first]}
    before = answers[first]
    for release in others:
        headers = recording.headers_of(release)
        answer = _with_headers(later.answer_of(release), headers)
        if answer != _with_headers(before, headers):
            answers[release] = answer
        before = answer
    return msgspec.structs.replace(step, answers=answers)


def _with_headers(answer: Answer, names: tuple[str, ...]) -> Answer:
    """Give an answer with these headers only, in their order."""
    kept = tuple((key, value) for name in names for key, value in answer.headers if key == name)
    return msgspec.structs.replace(answer, headers=kept)

"""Answers of later releases are kept, and taken over, beside those of 5.5."""

from pathlib import Path

import msgspec
import pytest

from . import take as taking
from .merging import add_releases
from .recordings import (
    OWN_FOLDER,
    PROFILES,
    RELEASES,
    Answer,
    Case,
    Exchange,
    Recording,
    Request,
    dump_recording,
    load_recording,
)


def answer(status: int, vary: str | None = None) -> Answer:
    """Make an answer with two headers, or one."""
    headers = (("Pragma", "no-cache"), *([("Vary", vary)] if vary else []))
    return Answer(status=status, headers=headers, body="")


def recording(
    *names: str, target: str = "/", headers: tuple[str, ...] = ("Pragma", "Vary"), **answers: Answer
) -> Recording:
    """Make a recording of cases with one request each; `r5_5` is an answer of 5.5."""
    known = {name.removeprefix("r").replace("_", "."): given for name, given in answers.items()}
    releases = RELEASES if len(known) > 1 else ("5.5",)
    step = Exchange(request=Request(method="GET", target=target), answers=known)
    cases = tuple(Case(name=name, releases=releases, exchanges=(step,)) for name in names)
    return Recording(profile="never", compared_headers=headers, cases=cases)


def resolved(found: Recording, release: str) -> int:
    """Give the status of the first case's answer in a release."""
    return found.cases[0].exchanges[0].answer_of(release).status


def test_later_answers_are_kept_where_5_5_is_recorded_anew() -> None:
    """Only 5.5's answers are those of the new recording."""
    stored = recording("a", r5_5=answer(200), r5_9=answer(400))
    found = add_releases(recording("a", r5_5=answer(200, "Accept")), stored)
    assert [resolved(found, release) for release in RELEASES] == [200, 200, 400, 400]
    assert found.cases[0].releases == RELEASES
    assert list(found.cases[0].exchanges[0].answers) == ["5.5", "5.8", "5.9"]


def test_answer_that_was_left_out_survives_drift_of_5_5() -> None:
    """Where 5.5 answers otherwise now, the others still have the answer that they gave."""
    stored = recording("a", r5_5=answer(200), r6_0=answer(400))
    found = add_releases(recording("a", r5_5=answer(500)), stored)
    assert [resolved(found, release) for release in RELEASES] == [500, 200, 200, 400]


def test_header_that_was_not_looked_at_is_no_difference() -> None:
    """An answer without it is left out, and the file says that it was not compared there."""
    later = recording("a", headers=("Pragma",), r5_5=answer(200), r5_8=answer(200))
    found = add_releases(recording("a", r5_5=answer(200, "Accept")), later)
    assert list(found.cases[0].exchanges[0].answers) == ["5.5"]
    assert found.headers_of("5.5") == ("Pragma", "Vary")
    assert found.headers_of("5.8") == found.headers_of("6.0") == ("Pragma",)


def test_other_requests_take_no_answers() -> None:
    """A case that was rewritten, or is new, has answers of 5.5 only."""
    stored = recording("a", "c", target="/old", r5_5=answer(200), r6_0=answer(400))
    found = add_releases(recording("a", "b", target="/new", r5_5=answer(200)), stored)
    assert [case.releases for case in found.cases] == [("5.5",), ("5.5",)]


def test_provider_of_later_releases_is_kept() -> None:
    """The new recording's options win."""
    new = msgspec.structs.replace(recording("a", r5_5=answer(200)), provider={"vary": "accept"})
    stored = msgspec.structs.replace(
        recording("a", r5_5=answer(200), r6_0=answer(200)),
        provider={"vary": "negotiation", "reused_code_revokes": False},
    )
    assert add_releases(new, stored).provider == {"vary": "accept", "reused_code_revokes": False}


@pytest.mark.parametrize("profile", PROFILES)
def test_recordings_keep_all_answers_when_5_5_is_the_same(profile: str) -> None:
    """Recording anew what has not changed leaves the file as it is."""
    stored = load_recording(OWN_FOLDER / f"{profile}.json")
    cases = tuple(
        msgspec.structs.replace(
            case,
            releases=("5.5",),
            exchanges=tuple(
                msgspec.structs.replace(step, answers={"5.5": step.answers["5.5"]})
                for step in case.exchanges
            ),
        )
        for case in stored.cases
    )
    again = msgspec.structs.replace(stored, cases=cases, unrecorded={}, provider={})
    assert add_releases(again, stored) == stored


def test_take_says_what_it_leaves_out(tmp_path: Path) -> None:
    """A case is taken if it is ours, asks the same, and 5.5 answers the same."""
    own_file, file = tmp_path / "own.json", tmp_path / "never.json"
    own = recording("a", "b", r5_5=answer(200))
    own_file.write_text(dump_recording(own), encoding="utf-8")
    good = recording("a", "nobody", r5_5=answer(200), r6_0=answer(400))
    bad = recording("b", r5_5=answer(500), r6_0=answer(400))
    later = msgspec.structs.replace(good, cases=good.cases + bad.cases)
    file.write_text(dump_recording(later), encoding="utf-8")
    assert taking.take(file, own_file) == [
        "nobody: there is no such case of our own",
        "b: 5.5 answers otherwise: b [1] status: expected 500, got 200",
    ]
    assert [case.releases for case in load_recording(own_file).cases] == [RELEASES, ("5.5",)]

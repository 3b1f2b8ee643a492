"""The recorder's tools: drift, missing packages, and definitions that are all recorded."""

import msgspec
import pytest

from . import record
from .definitions.profiles import DEFINITIONS
from .engine import LIBRARIES
from .merging import without_answers
from .recording import drift
from .recordings import (
    OWN_FOLDER,
    PROFILES,
    Answer,
    Recording,
    dump_recording,
    load_recording,
)


@pytest.fixture
def recording() -> Recording:
    """The recorded cases of a small profile."""
    return load_recording(OWN_FOLDER / "never.json")


def with_answer(recording: Recording, answer: Answer) -> Recording:
    """Return the recording with another answer to the first request of its first case."""
    first = recording.cases[0].exchanges[0]
    changed = msgspec.structs.replace(first, answers={"5.5": answer})
    case = msgspec.structs.replace(
        recording.cases[0], exchanges=(changed, *recording.cases[0].exchanges[1:])
    )
    return msgspec.structs.replace(recording, cases=(case, *recording.cases[1:]))


def test_same_answers_have_not_drifted(recording: Recording) -> None:
    """Recording the same answers again shows no drift."""
    assert list(drift(recording, recording)) == []


def test_changed_answer_has_drifted(recording: Recording) -> None:
    """An answer that changed is shown with its case, its exchange and both values."""
    old = recording.cases[0].exchanges[0].answers["5.5"]
    changed = with_answer(recording, msgspec.structs.replace(old, status=303))
    assert [str(finding) for finding in drift(recording, changed)] == [
        f"{recording.cases[0].name} [1 authorize] status: expected 302, got 303"
    ]


def test_recording_survives_its_file(recording: Recording) -> None:
    """What is written to a file is what is read from it."""
    assert msgspec.json.decode(dump_recording(recording), type=Recording) == recording


def test_record_names_missing_packages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without Ruby, recording says what to install and exits with 3."""
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert record.main(["main"]) == 3
    said = capsys.readouterr().out
    assert said.startswith("missing: ruby ")
    assert all(package in said for package in LIBRARIES.values())


def test_record_refuses_unknown_profile(capsys: pytest.CaptureFixture[str]) -> None:
    """A profile that does not exist is refused by name."""
    with pytest.raises(SystemExit, match="2"):
        record.main(["nothing"])
    assert "unknown profile 'nothing'" in capsys.readouterr().err


@pytest.mark.parametrize("profile", PROFILES)
def test_every_definition_is_recorded(profile: str) -> None:
    """The own recordings of a profile hold exactly the cases that are defined."""
    recorded = load_recording(OWN_FOLDER / f"{profile}.json").cases
    defined = tuple(without_answers(case) for case in DEFINITIONS[profile])
    assert tuple(without_answers(case) for case in recorded) == defined

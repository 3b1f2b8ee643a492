"""A failure is kept as one file, and played again from it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_contract_tests.driving.carrier import AdapterFailed
from livestorm_contract_tests.driving.http import HttpApp
from livestorm_contract_tests.driving.under_test import (
    REFERENCE,
    BareClient,
    ClientUnderTest,
    StdioClient,
)
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.exact_json import read_exact, write_exact
from livestorm_contract_tests.runs.replay import Replay, ReplayError, load_replay, save_replay
from livestorm_contract_tests.runs.replaying import jobs_of_replay, plan_of_replay
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict

CASE = all_cases()["C09"]
SETTINGS = Settings(seed="7", strict=True, provider={"rotation": "never"})


def saved(folder: Path, client: ClientUnderTest = REFERENCE, *variants: str) -> Path:
    """Keep a failure of C09, in some of its variants."""
    result = CaseResult(case=CASE, verdict=Verdict.FAIL, variants=variants)
    return save_replay(result, client, SETTINGS, folder)


@pytest.mark.parametrize(
    ("client", "named"),
    [
        (REFERENCE, {"client": "reference"}),
        (StdioClient(name="node a.mjs", command=["node", "a.mjs"]), {"client": "node a.mjs"}),
        (HttpApp("http://127.0.0.1:9/"), {"client": "http://127.0.0.1:9/"}),
        (
            BareClient(text="python job.py", command=["python", "job.py"]),
            {"command": "python job.py"},
        ),
    ],
    ids=["reference", "stdio", "http", "bare"],
)
def test_replay_names_its_client_as_the_command_line_does(
    tmp_path: Path, client: ClientUnderTest, named: dict[str, str]
) -> None:
    """The text stands under the option that asked for the client, and the other is not there."""
    document = json.loads(saved(tmp_path, client).read_text(encoding="utf-8"))
    assert {key: document[key] for key in ("client", "command") if key in document} == named


def test_replay_is_planned_as_the_run_was(tmp_path: Path) -> None:
    """Seed, strictness and provider options are those of the run; one worker does."""
    settings = plan_of_replay(load_replay(saved(tmp_path)), REFERENCE).settings
    assert (settings.seed, settings.strict, settings.provider) == ("7", True, SETTINGS.provider)
    assert settings.workers == 1


def test_variants_that_did_not_pass_are_played_again(tmp_path: Path) -> None:
    """The others of the case are left out."""
    name = CASE.variants[-1].name
    (job,) = jobs_of_replay(load_replay(saved(tmp_path, REFERENCE, name)), SETTINGS)
    assert [one.name for one in job.case.variants] == [name]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no replay"),
        ('{"client": "x", "case": "Z99", "seed": "1"}', "case is 'Z99'"),
        ('{"client": "x", "case": "P01", "seed": "1", "extra": 1}', "extra"),
        (json.dumps({"client": "x", "case": "P01", "seed": "1", "script": {"steps": [{}]}}), "do"),
        ('{"client": "command: true", "case": "C09", "seed": "1"}', "of an older version"),
        ('{"case": "C09", "seed": "1"}', "expected either `client` or `command`"),
        ('{"client": "x", "case": "C09", "seed": "\\udce9"}', "seed` is .* no text in UTF-8"),
        ('{"client": "x", "command": "x", "case": "C09", "seed": "1"}', "expected either"),
    ],
)
def test_wrong_file_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """What is wrong is named, with the file."""
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReplayError, match=words):
        load_replay(path)


@pytest.mark.parametrize("is_there", [True, False])
def test_folder_that_is_made_for_replays_is_ignored_by_git(tmp_path: Path, is_there: bool) -> None:
    """A folder of the user's own stays as it is."""
    state = tmp_path / "state"
    if is_there:
        state.mkdir()
    saved(state / "replays")
    ignored = state / ".gitignore"
    assert is_there is not ignored.exists()
    assert is_there or ignored.read_text("utf-8") == "*\n"


@given(value=st.recursive(st.text() | st.integers() | st.none(), st.lists, max_leaves=5))
def test_exact_json_gives_back_what_was_written(value: object) -> None:
    """Also what no encoding holds, as a byte of a command line that is not UTF-8."""
    assert read_exact(write_exact({"kept": value}), dict[str, object]) == {"kept": value}


@given(command=st.text(st.characters() | st.characters(categories=["Cs"]), min_size=1))
def test_command_line_of_a_replay_is_the_very_same(command: str) -> None:
    """Whatever bytes it had."""
    named = Replay(client=f"x{command}", case="C09", seed="7")
    assert read_exact(write_exact(named), Replay) == named


@pytest.mark.parametrize("word", ["a\0b", "\ud800"])
def test_command_that_no_system_can_start_is_told(word: str) -> None:
    """A file from elsewhere may name it."""
    with pytest.raises(AdapterFailed, match="can't be started"):
        StdioClient(name="odd", command=[word]).launch()

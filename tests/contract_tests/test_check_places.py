"""Where a run writes is looked at before anything is run."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from livestorm_contract_tests.check_options import Wanted, read_baseline
from livestorm_contract_tests.check_places import check_places
from livestorm_contract_tests.driving.under_test import StdioClient
from livestorm_contract_tests.report.client_file import NO_FILE, client_file
from livestorm_contract_tests.runs.whole_file import write_whole
from livestorm_contract_tests.usage import UsageError
from livestorm_contract_tests.watching import watched_by

WANTED = Wanted(client="reference")
LONG = "x" * 300


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, with a file, a folder, and links to them."""
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("", encoding="utf-8")
    Path("inner").mkdir()
    Path("link").symlink_to("a.json")
    Path("lost").symlink_to("nowhere/a.json")
    os.mkfifo("pipe")
    Path("piped").symlink_to("pipe")
    return tmp_path


@pytest.mark.parametrize(
    ("given", "one", "other"),
    [
        ({"json": "a", "html": "a"}, "--json", "--html"),
        ({"json": "a.json", "html": "./inner/../a.json"}, "--json", "--html"),
        ({"json": "a.json", "junit": "link"}, "--json", "--junit"),
        ({"badge": "b.svg", "json": "b.shields.json"}, "--json", "--badge"),
        ({"badge": "b.shields.json", "sarif": "b.shields.shields.json"}, "--sarif", "--badge"),
        ({"baseline": "file", "json": "file"}, "--json", "--baseline"),
        ({"write_baseline": "a", "json": "a"}, "--json", "--write-baseline"),
        ({"baseline": "a", "update_baseline": True, "html": "a"}, "--html", "--baseline"),
        ({"log_file": "a", "json": "a"}, "--json", "--log-file"),
        ({"compare": "file", "html": "file"}, "--html", "--compare"),
        ({"state": "inner", "json": "inner/last-failed.json"}, "--json", "--state"),
        ({"state": "a", "json": "a"}, "--json", "--state"),
    ],
)
def test_two_options_of_one_file_are_refused(
    given: dict[str, object], one: str, other: str
) -> None:
    """However its name is written; both options are named."""
    with pytest.raises(UsageError, match=f"^{one} and {other} name one file: "):
        check_places(asking(given))


@pytest.mark.parametrize(
    "given",
    [
        {"json": "file", "compare": "file"},
        {"baseline": "file", "write_baseline": "./file"},
        {"json": "/dev/null", "html": "/dev/null"},
        {"json": "piped", "html": "piped"},
        {"json": "a.json", "html": "inner/a.json", "badge": "a.svg"},
    ],
)
def test_what_overwrites_nothing_is_taken(given: dict[str, object]) -> None:
    """An earlier report is read first, a device keeps nothing, and a baseline is brought on."""
    asked = asking(given)
    read_baseline(asked)
    check_places(asked)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"json": "file/a.json"}, "--json: file/a.json: can't be written: Not a directory"),
        ({"json": "nowhere/a.json"}, "--json: nowhere: can't be written: No such file"),
        ({"html": "lost"}, "--html: .*nowhere: can't be written: No such file"),
        ({"html": "inner"}, "--html: inner: can't be written: Is a directory"),
        ({"junit": LONG}, f"--junit: {LONG}: can't be written: File name too long"),
        ({"badge": f"{'x' * 250}.svg"}, "--badge: x*.shields.json: .*: File name too long"),
        ({"state": "file"}, "--state: .*: can't be written: Not a directory"),
        ({"state": LONG}, "--state: .*: can't be written: File name too long"),
        (
            {"baseline": "file/b", "update_baseline": True},
            "--baseline: file/b: can't be written: Not a directory",
        ),
    ],
)
def test_place_that_can_not_be_written_is_told(given: dict[str, object], told: str) -> None:
    """By the option that asks for it."""
    with pytest.raises(UsageError, match=f"^{told}"):
        check_places(asking(given))


def make_replays_a_file() -> None:
    """Have a file stand where the folder of replays goes."""
    Path("inner/replays").touch()


def make_failures_a_folder() -> None:
    """Have a folder stand where the note of failures goes."""
    Path("inner/last-failed.json").mkdir()


@pytest.mark.parametrize("spoil", [make_replays_a_file, make_failures_a_folder])
def test_what_stands_in_the_way_of_the_state_is_told(spoil: Callable[[], None]) -> None:
    """The folder itself could be written."""
    spoil()
    with pytest.raises(UsageError, match=r"^--state: .*inner/.*: can't be written"):
        check_places(asking({"state": "inner"}))


def asking(given: dict[str, object]) -> Wanted:
    """Give what asks for these files."""
    paths = {name: Path(it) if isinstance(it, str) else it for name, it in given.items()}
    return replace(WANTED, **paths)  # type: ignore[arg-type]


def test_name_may_be_as_long_as_the_system_allows(folder: Path) -> None:
    """What is written first, beside it, has a shorter one."""
    longest = folder / ("x" * os.pathconf(folder, "PC_NAME_MAX"))
    write_whole(longest, b"whole")
    assert longest.read_bytes() == b"whole"
    assert [one.name for one in folder.iterdir() if one.name.startswith(".")] == []


@pytest.mark.parametrize("word", [LONG, "a\0b", "caf\udce9"])
def test_word_of_a_command_need_be_no_file(word: str, folder: Path) -> None:
    """One that could be none, by its length or a character, is passed over."""
    client = StdioClient(name="odd", command=["python", word, "file"])
    assert client_file(client, folder) == "file"
    assert client_file(StdioClient(name="odd", command=[word]), folder) == NO_FILE


def test_file_that_is_not_utf8_has_a_uri(folder: Path) -> None:
    """Its bytes are escaped."""
    name = os.fsdecode(b"caf\xe9.py")
    (folder / name).touch()
    assert client_file(StdioClient(name="odd", command=[name]), folder) == "caf%E9.py"


def test_long_word_of_a_command_is_not_watched(folder: Path) -> None:
    """A client may be told a whole text."""
    assert watched_by(replace(WANTED, client=f"python file {LONG}")).folders == {folder}

"""Files that are watched: what counts as a change, and when it is over."""

from collections.abc import Callable, Iterator
from pathlib import Path

import livestorm_contract_tests.watched_files as watched_files
import pytest
from livestorm_contract_tests.watched_files import TooManyFiles, WatchedFiles, changed

Edit = Callable[[], object]


def during_pauses(*edits: Edit) -> Callable[[float], None]:
    """Give a pause in which somebody does something: an edit in each, and nothing after these."""
    left: Iterator[Edit] = iter(edits)

    def pause(seconds: float) -> None:
        del seconds
        next(left, lambda: None)()

    return pause


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A client's folder."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "client.py").write_text("1")
    (tmp_path / "lib" / "oauth.py").write_text("1")
    return tmp_path


def wait_for(watched: WatchedFiles, *edits: Edit) -> set[str]:
    """Give the names of the files that have changed once no more do."""
    before = watched.look()
    return {one.name for one in changed(before, watched.wait(before, during_pauses(*edits)))}


@pytest.mark.parametrize(
    "edit",
    [
        lambda folder: (folder / "client.py").write_text("22"),
        lambda folder: (folder / "client.py").unlink(),
        lambda folder: (folder / "client.py").touch(),
        lambda folder: (folder / "lib" / "oauth.py").replace(folder / "client.py"),
    ],
    ids=["written", "removed", "touched", "replaced"],
)
def test_any_change_counts(folder: Path, edit: Callable[[Path], object]) -> None:
    """Whatever an editor does."""
    assert "client.py" in wait_for(WatchedFiles(folders={folder}), lambda: edit(folder))


def test_new_file_counts_in_a_new_folder(folder: Path) -> None:
    """What was not there when it began."""

    def make() -> None:
        (folder / "new").mkdir()
        (folder / "new" / "module.py").write_text("")

    assert wait_for(WatchedFiles(folders={folder}), make) == {"module.py"}


def test_burst_is_one_change(folder: Path) -> None:
    """Files that are written one after the other are told together, once it is quiet."""
    edits = [lambda number=number: (folder / f"{number}.py").write_text("") for number in range(5)]
    found = wait_for(WatchedFiles(folders={folder}), *edits)
    assert found == {f"{number}.py" for number in range(5)}


def test_change_that_is_taken_back_is_none(folder: Path) -> None:
    """A file that came and went between two looks of rest."""
    new = folder / "new.py"
    found = wait_for(
        WatchedFiles(folders={folder}),
        lambda: new.write_text(""),
        new.unlink,
        lambda: (folder / "client.py").write_text("22"),
    )
    assert found == {"client.py"}


@pytest.mark.parametrize(
    "name",
    [
        ".git/index",
        "node_modules/x/index.js",
        ".venv/lib/x.py",
        "__pycache__/x.pyc",
        "client.py~",
        ".client.py.swp",
        "app.log",
        "state/replays/C09.json",
        "report.json",
    ],
)
def test_what_tools_write_is_no_change(folder: Path, name: str) -> None:
    """Nor what the run itself writes."""
    path = folder / name
    watched = WatchedFiles(folders={folder}, ignored={folder / "state", folder / "report.json"})
    path.parent.mkdir(parents=True, exist_ok=True)
    before = watched.look()
    path.write_text("x")
    assert changed(before, watched.look()) == set()


def test_single_file_is_watched_without_its_neighbours(folder: Path) -> None:
    """A program beside others, such as those of the system."""
    watched = WatchedFiles(folders=set(), files={folder / "client.py"})
    (folder / "lib" / "oauth.py").write_text("22")
    assert set(watched.look()) == {folder / "client.py"}


def test_too_many_files_are_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the folder, which may be a whole home."""
    monkeypatch.setattr(watched_files, "MOST", 1)
    with pytest.raises(TooManyFiles, match="more than 1 files in") as raised:
        WatchedFiles(folders={folder}).look()
    assert str(folder) in str(raised.value)

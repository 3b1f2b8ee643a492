"""What `make` does on a machine that lacks something."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parents[1] / "Makefile"

TOO_OLD = """#!/bin/sh
exec {python} -c 'import sys; sys.version_info = (3, 10); exec(sys.argv[2])' "$@"
"""

WITHOUT_PIP = """#!/bin/sh
[ "$1" = -c ] && exit 0
case "$*" in
*--clear*) rm -rf .venv; mkdir -p .venv/bin; cp made .venv/bin/python;;
*) exit 1;;
esac
"""

MADE = """#!/bin/sh
case "$*" in
*--version) ;;
*) echo "$@";;
esac
"""


WITH_UV = """#!/bin/sh
case "$*" in
*--version) ;;
*uv.txt) cp uv .venv/bin/uv; echo "$@";;
*) echo "$@";;
esac
"""

WORKING_UV = """#!/bin/sh
echo uv "$@"
"""

FAILING_UV = """#!/bin/sh
echo "no such index" >&2
exit 2
"""


def write_program(path: Path, text: str) -> None:
    """Write an executable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def make(folder: Path, *arguments: str, lock: str = "") -> subprocess.CompletedProcess[str]:
    """Call make with the project's Makefile in a folder that has what it needs."""
    shutil.copy(MAKEFILE, folder)
    (folder / "pyproject.toml").touch()
    (folder / "requirements-dev.lock").write_text(lock, encoding="utf-8")
    program = shutil.which("make")
    if program is None:
        pytest.skip("make is not installed")
    return subprocess.run(
        [program, "-s", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_make_alone_lists_the_targets(tmp_path: Path) -> None:
    """Without a target, each is shown with a sentence; nothing is installed."""
    done = make(tmp_path)
    shown = [line.split()[:2] for line in done.stdout.splitlines()]
    names = ["serve", "demo", "test", "check", "fix", "docs", "dist", "help"]
    assert all(["make", name] in shown for name in names)
    assert not (tmp_path / ".venv").exists()


def test_old_python_is_refused_with_the_way_out(tmp_path: Path) -> None:
    """A Python that is too old is told, with what to do, before anything is made."""
    write_program(tmp_path / "python", TOO_OLD.format(python=sys.executable))
    done = make(tmp_path, "demo", "PYTHON=./python")
    assert done.returncode != 0
    assert "livestorm-mock needs Python 3.11 or newer; call make PYTHON=" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_half_made_environment_is_made_anew(tmp_path: Path) -> None:
    """Debian's Python without python3-venv leaves one without pip; the next make mends it."""
    write_program(tmp_path / "python", WITHOUT_PIP)
    write_program(tmp_path / "made", MADE)
    write_program(tmp_path / ".venv/bin/python", "#!/bin/sh\nexit 1\n")
    done = make(tmp_path, "demo", "PYTHON=./python")
    assert (done.returncode, done.stderr) == (0, "")
    assert "-m pip install" in done.stdout
    assert "examples/demo.py" in done.stdout


@pytest.mark.parametrize(
    ("words", "installed"),
    [
        (
            [],
            [
                "--only-binary pycurl --require-hashes --requirement requirements-dev.lock",
                "--no-deps --no-build-isolation --editable .[dev]",
            ],
        ),
        (["LOCK="], ["--editable .[dev]"]),
    ],
    ids=["locked", "newest"],
)
def test_install_takes_the_locked_versions_unless_told_otherwise(
    tmp_path: Path, words: list[str], installed: list[str]
) -> None:
    """The first installs what was tried, `LOCK=` the newest that pyproject.toml allows."""
    write_program(tmp_path / "python", WITHOUT_PIP)
    write_program(tmp_path / "made", MADE)
    done = make(tmp_path, "demo", "PYTHON=./python", *words)
    begin = "-m pip install --quiet --disable-pip-version-check --no-compile "
    assert [line for line in done.stdout.splitlines() if "install" in line] == [
        begin + words for words in ("--requirement .venv/uv.txt", *installed)
    ]


@pytest.mark.parametrize(
    ("uv", "begin"), [(WORKING_UV, "uv pip install"), (FAILING_UV, "-m pip install")]
)
def test_uv_installs_where_it_can_and_else_pip(tmp_path: Path, uv: str, begin: str) -> None:
    """Of the lock, the first line of uv and its hashes are given to pip; then uv takes all."""
    lock = "tzdata==1 \\\n    --hash=a\nuv==2 \\\n    --hash=b \\\n    --hash=c\nvcrpy==3 \\\n"
    write_program(tmp_path / "python", WITHOUT_PIP)
    write_program(tmp_path / "made", WITH_UV)
    write_program(tmp_path / "uv", uv)
    done = make(tmp_path, "demo", "PYTHON=./python", lock=lock)
    assert done.returncode == 0, done.stderr
    _, locked, own = (line for line in done.stdout.splitlines() if "install" in line)
    assert locked.startswith(begin)
    assert own.startswith(begin)
    told = (tmp_path / ".venv/uv.txt").read_text(encoding="utf-8")
    assert told == "uv==2 \\\n    --hash=b \\\n    --hash=c\n"


def test_long_tests_are_all_run() -> None:
    """`make test` leaves those that are marked, and `make test-long` looks where they are."""
    root = MAKEFILE.parent
    told = subprocess.run(
        ["make", "--dry-run", "test-long"], cwd=root, capture_output=True, text=True, check=True
    )
    (command,) = [line for line in told.stdout.splitlines() if " -m long " in line]
    places = [word for word in command.split() if word.startswith("tests/")]
    marked = [
        str(file.relative_to(root))
        for file in (root / "tests").rglob("test_*.py")
        if "pytest.mark.long" in file.read_text(encoding="utf-8") and file != Path(__file__)
    ]
    assert len(places) > 1
    assert [one for one in marked if not one.startswith(tuple(places))] == []
    assert [one for one in places if not any(file.startswith(one) for file in marked)] == []

"""The packages from npm that the Node clients need, installed where that is possible."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = Path(__file__).parent / "node"
SECONDS = 180
"""How long an installation may take."""

_SHORT_RETRIES = ("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=2000")
_ADVICE = "run `npm ci` in {folder} with a network"


class NodeMissingError(Exception):
    """Node, npm or the packages can't be had; the message says what to do."""


def install_packages(folder: Path = FOLDER) -> str:
    """Install what a folder's package-lock.json says unless it is there; give the path of node.

    Raises NodeMissingError.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        missing = "node" if node is None else "npm"
        raise NodeMissingError(f"{missing} is not on the PATH: install Node.js 20 or newer")
    with _one_process_at_a_time(folder):
        installed = _versions(folder / "node_modules/.package-lock.json")
        if _versions(folder / "package-lock.json") != installed:
            _install(npm, folder)
    return node


def _install(npm: str, folder: Path) -> None:
    advice = _ADVICE.format(folder=folder)
    command = [npm, "ci", "--no-audit", "--no-fund", "--prefer-offline", *_SHORT_RETRIES]
    try:
        subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=True
        )
    except subprocess.TimeoutExpired as error:
        raise NodeMissingError(f"{advice}; npm took more than {SECONDS} s") from error
    except subprocess.CalledProcessError as error:
        said = [line for line in error.stderr.splitlines() if line.startswith("npm error")]
        raise NodeMissingError(f"{advice}; it said: {' / '.join(said[:2])}") from error


def _versions(lockfile: Path) -> dict[str, str] | None:
    """Give the version of each package in a lockfile, None where there is no file.

    What is optional is there for some machines only.
    """
    try:
        packages = json.loads(lockfile.read_text(encoding="utf-8"))["packages"]
    except FileNotFoundError:
        return None
    needed = {path: one for path, one in packages.items() if path and not one.get("optional")}
    return {path: one["version"] for path, one in needed.items()}


@contextmanager
def _one_process_at_a_time(folder: Path) -> Iterator[None]:
    """Hold back the other workers of a parallel run while one installs."""
    with (folder / "package.json").open("rb") as file:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield

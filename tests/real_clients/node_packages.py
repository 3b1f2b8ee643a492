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
_ADVICE = "run `npm ci` in tests/real_clients/node with a network"


class NodeMissingError(Exception):
    """Node, npm or the packages can't be had; the message says what to do."""


def install_packages() -> str:
    """Install what package-lock.json says unless it is installed; give the path of node.

    Raises NodeMissingError.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        missing = "node" if node is None else "npm"
        raise NodeMissingError(f"{missing} is not on the PATH: install Node.js 20 or newer")
    with _one_process_at_a_time():
        if _versions("package-lock.json") != _versions("node_modules/.package-lock.json"):
            _install(npm)
    return node


def _install(npm: str) -> None:
    command = [npm, "ci", "--no-audit", "--no-fund", "--prefer-offline", *_SHORT_RETRIES]
    try:
        subprocess.run(
            command, cwd=FOLDER, capture_output=True, text=True, timeout=SECONDS, check=True
        )
    except subprocess.TimeoutExpired as error:
        raise NodeMissingError(f"{_ADVICE}; npm took more than {SECONDS} s") from error
    except subprocess.CalledProcessError as error:
        said = [line for line in error.stderr.splitlines() if line.startswith("npm error")]
        raise NodeMissingError(f"{_ADVICE}; it said: {' / '.join(said[:2])}") from error


def _versions(lockfile: str) -> dict[str, str] | None:
    """Give the version of each package in a lockfile, None where there is no file."""
    try:
        packages = json.loads((FOLDER / lockfile).read_text(encoding="utf-8"))["packages"]
    except FileNotFoundError:
        return None
    return {path: package["version"] for path, package in packages.items() if path}


@contextmanager
def _one_process_at_a_time() -> Iterator[None]:
    """Hold back the other workers of a parallel run while one installs."""
    with (FOLDER / "package.json").open("rb") as file:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield

"""The Pythons of this machine, the oldest that is supported first."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

# https://devguide.python.org/versions/
_NAMES = ("3.11", "3.12", "3.13", "3.14", "3.15")


def found(
    path: str | None = None, pyenv: Path | None = None, names: Sequence[str] = _NAMES
) -> Mapping[str, Path]:
    """Give the Pythons there are, by their version (`3.11`); one of the path is preferred.

    Without a path, the one that runs this is among them.
    """
    there: dict[str, Path] = {}
    for name in names:
        for python in _places(name, path, pyenv):
            if name not in there and _runs(python, name):
                there[name] = python
    return there


def shared() -> Mapping[str, Path]:
    """Give those that each user of the machine may run."""
    return found("/usr/local/bin:/usr/bin:/bin", Path(os.devnull))


def missing(there: Mapping[str, Path]) -> list[str]:
    """Give the versions that this machine lacks."""
    return [name for name in _NAMES if name not in there]


def _places(name: str, path: str | None, pyenv: Path | None) -> Iterator[Path]:
    on_path = shutil.which(f"python{name}", path=path)
    if on_path is not None:
        yield Path(on_path)
    root = pyenv or Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    patches = (root / "versions").glob(f"{name}.*/bin/python")
    if path is None:
        yield Path(sys.executable)
    yield from sorted(patches, key=lambda python: _numbers(python.parents[1].name), reverse=True)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def _runs(python: Path, name: str) -> bool:
    """Tell whether it is this version; a pyenv shim may be of none."""
    tell = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        told = subprocess.run(
            [python, "-c", tell], capture_output=True, text=True, timeout=30, check=False
        )
    except OSError:
        return False
    return told.stdout.strip() == name

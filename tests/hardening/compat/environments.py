"""Virtual environments with the newest or the lowest versions that pyproject.toml allows."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "build" / "compat"


class CannotInstall(Exception):
    """The versions can't be had for this Python; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Environment:
    """What the tests run with."""

    python: Path
    """The interpreter."""
    name: str
    """The version of it, such as `3.11`."""
    lowest: bool = False
    """Whether each dependency that pyproject.toml names is of the lowest version."""
    without: tuple[str, ...] = ()
    """What is taken out again."""

    @property
    def folder(self) -> Path:
        """Where it is made."""
        parts = [self.name, "lowest" if self.lowest else "newest", *self.without]
        return FOLDER / "-".join(parts)

    def make(self) -> Path:
        """Make it anew; give its interpreter. Raises CannotInstall."""
        shutil.rmtree(self.folder, ignore_errors=True)
        own = self.folder / "bin" / "python"
        _uv("venv", "--quiet", "--python", str(self.python), str(self.folder))
        resolution = "lowest-direct" if self.lowest else "highest"
        # Wheels only: what a user would have to compile is no version that can be had.
        wheels = ("--only-binary", ":all:", "--no-binary", "livestorm-mock")
        install = ("pip", "install", "--quiet", "--python", str(own))
        _uv(*install, "--resolution", resolution, *wheels, "--editable", ".[docs,tests]")
        if self.without:
            _uv("pip", "uninstall", "--quiet", "--python", str(own), *self.without)
        return own


def _uv(*arguments: str) -> None:
    # The system's certificates, as pip has them: a proxy that opens TLS has one of its own.
    # https://docs.astral.sh/uv/concepts/authentication/certificates/
    done = subprocess.run(
        [sys.executable, "-m", "uv", "--system-certs", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotInstall(" ".join(done.stderr.split())[-300:])

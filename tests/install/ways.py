"""The ways to install that `docs/install.md` shows, each done in an environment of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ..contract_tests.programs import leave_out
from ..pages.blocks import blocks_of
from ..pages.reader import bash, logical_lines

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "install.md"
WHOLE: Final = bool(os.environ.get("RELEASE"))
"""Whether pip itself is taken, which takes ten times as long as uv, by `make release-check`."""
SECONDS: Final = 300
_OF_THE_MACHINE: Final = ("PIP_", "UV_", "SSL_", "LANG", "LC_", "TMPDIR", "HTTP", "ALL_PROXY")
_MACHINE: Final[Mapping[str, str]] = {
    name: value for name, value in os.environ.items() if name.upper().startswith(_OF_THE_MACHINE)
}
"""Where packages come from, and whom to trust there; taken before tests have their own."""
_REPOSITORY: Final = re.compile(r"https://git\.example\.test/\S+?\.git")
"""What the pages write for an address that nobody knows yet."""
_NO_NETWORK: Final = re.compile(
    r"dns error|name resolution|error sending request|Connection refused|Network is unreachable"
)


def ways() -> list[str]:
    """Give the lines, as the page has them."""
    blocks = [one for one in blocks_of(PAGE) if one.reason == "tests/install does"]
    return [line for block in blocks for line in logical_lines(block.text)]


class Machine:
    """A home with nothing in it but the tools: what is installed there can be called."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._own = Path(sys.executable).parent
        tools = home / "tools"
        tools.mkdir()
        for name in ("pipx", "uv"):
            (tools / name).symlink_to(self._own / name)
        # A clone is called by the last part of the address.
        (tools / "livestorm-mock.git").symlink_to(ROOT)
        self._path = [home / ".local" / "bin", tools]

    def install(self, line: str, wheels: Path, repository: str) -> None:
        """Do what a line of the page says; `wheels` is where `make dist` has built.

        `repository` is the address of one over HTTP.

        Where what it needs can't be fetched, the test is skipped, and fails in CI.
        """
        line = _REPOSITORY.sub(repository, line.replace("dist/", f"{wheels}/"))
        if line.startswith("pip "):
            line = f"{self._pip()} {line.removeprefix('pip ')}"
        done = self.run(line, folder=ROOT)
        skip_without_network(done)
        assert done.returncode == 0, done.stdout

    def here(self, line: str) -> str:
        """Write the address of this repository for that of the pages."""
        return _REPOSITORY.sub(f"file://{self.home}/tools/livestorm-mock.git", line)

    def run(self, line: str, *, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a line in a shell; standard error is in the output."""
        return bash(
            line, folder=folder or self.home, environment=self._environment(), seconds=SECONDS
        )

    def _pip(self) -> str:
        """Make an environment, as somebody has one for their tests; give what installs there."""
        folder = self.home / "venv"
        self._path.append(folder / "bin")
        if WHOLE:
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
            return f"{folder}/bin/pip"
        self.run(f"uv venv --quiet --python {sys.executable} {folder}")
        return f"VIRTUAL_ENV={folder} uv pip"

    def _environment(self) -> dict[str, str]:
        before = [*map(str, self._path), *os.environ["PATH"].split(os.pathsep)]
        return {
            # Of the system, as pip has them: a proxy that opens TLS has one of its own.
            "UV_SYSTEM_CERTS": "1",
            "PIP_CACHE_DIR": str(_cache("pip")),
            "UV_CACHE_DIR": str(_cache("uv")),
            **_MACHINE,
            "HOME": str(self.home),
            "PATH": os.pathsep.join(one for one in before if one != str(self._own)),
        }


def skip_without_network(done: subprocess.CompletedProcess[str]) -> None:
    """Leave the test out where a command failed as nothing could be fetched."""
    if done.returncode and _NO_NETWORK.search(done.stdout):
        leave_out("there is no network to fetch packages from")


def _cache(name: str) -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / name

"""`make release-check`: build all that is released, and install it in fresh environments."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from ..pages.site.build import build
from .first import main as first
from .ways import ROOT, Machine

DIST: Final = ROOT / "dist"
_ACTIONLINT: Final = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
NODE: Final = ROOT / "clients" / "node"


def versions() -> Mapping[str, str]:
    """Give the version that each file tells."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    package = json.loads((NODE / "package.json").read_text(encoding="utf-8"))
    return {
        "pyproject.toml": project["version"],
        "clients/node/package.json": package["version"],
        "clients/node/README.md": _found(NODE / "README.md", r"livestorm-mock@(\S+?)`"),
        "CITATION.cff": _found(ROOT / "CITATION.cff", r"^version: (\S+)"),
        "CHANGELOG.md": _found(ROOT / "CHANGELOG.md", r"^## (\d\S*)"),
    }


def _found(file: Path, pattern: str) -> str:
    found = re.search(pattern, file.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else "none"


def check_versions() -> None:
    """Check that all files tell one version."""
    assert len({*versions().values()}) == 1, f"the versions differ: {versions()}"


def build_packages() -> None:
    """Build the wheel, the sdist, and the package for Node."""
    _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(DIST))
    _run("npm", "pack", "--pack-destination", str(DIST), folder=NODE)


def build_site() -> None:
    """Build the site of the documentation."""
    problems = build()
    assert not problems, problems


def write_sbom() -> None:
    """Write what an installation of the wheel consists of."""
    _run(sys.executable, "-m", "tests.install.sbom")


def check_workflows() -> None:
    """Have actionlint look at the workflows; zizmor is a test of its own."""
    tools = ROOT / "build" / "tools"
    _run("go", "install", _ACTIONLINT, GOBIN=str(tools))
    _run(str(tools / "actionlint"))


def install() -> None:
    """Install each way that the documentation shows, with pip itself where it says pip."""
    _run(sys.executable, "-m", "pytest", "-q", "tests/install/test_install.py", RELEASE="1")


def install_sdist() -> None:
    """Install from the sdist, which has to build."""
    with tempfile.TemporaryDirectory() as home:
        machine = Machine(Path(home))
        sdist = DIST / f"livestorm_mock-{versions()['pyproject.toml']}.tar.gz"
        done = machine.run(f"uv tool install {sdist} && livestorm-mock --version")
        assert done.returncode == 0, done.stdout


def make_demo() -> None:
    """Do what the README begins with, in a clone: `make demo`."""
    with tempfile.TemporaryDirectory() as home:
        machine = Machine(Path(home))
        done = machine.run(
            machine.here(
                "git clone --quiet https://git.example.test/x.git && make -C livestorm-mock demo"
            )
        )
        assert done.returncode == 0, done.stdout


def first_tests() -> None:
    """Go from a clone to the first green test."""
    assert first() == 0


STEPS: Final[tuple[Callable[[], None], ...]] = (
    check_versions,
    build_packages,
    build_site,
    write_sbom,
    check_workflows,
    install,
    install_sdist,
    make_demo,
    first_tests,
)
BY_TESTS: Final = (install, first_tests)
"""What `make test` does, too, with uv in the place of pip."""


def main(arguments: Sequence[str]) -> int:
    """Take all steps, and tell of each how long it took; give the exit status.

    With `tested`, those that the tests have taken are told only.
    """
    tested = BY_TESTS if "tested" in arguments else ()
    failures = [*_failures([one for one in STEPS if one not in tested])]
    for step in tested:
        print(f"  tests  {step.__doc__}")
    print("all is well" if not failures else f"wrong: {', '.join(failures)}")
    return 1 if failures else 0


def _failures(steps: Iterable[Callable[[], None]]) -> Iterator[str]:
    for step in steps:
        began = time.monotonic()
        try:
            step()
            told = "ok"
        except (AssertionError, OSError, subprocess.SubprocessError) as error:
            told = f"WRONG: {error}"
            yield step.__name__
        print(f"{time.monotonic() - began:6.1f} s  {step.__doc__}  {told}", flush=True)


def _run(*command: str, folder: Path = ROOT, **variables: str) -> None:
    subprocess.run(command, cwd=folder, check=True, env={**os.environ, **variables})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

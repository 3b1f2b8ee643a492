"""What is built once for all ways to install it."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from ..contract_tests.programs import need_program
from .release import DIST
from .ways import ROOT, WHOLE, Machine


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing of it."""

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel, as `make dist` builds it; what is released is there already."""
    if WHOLE:
        return DIST
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of this repository over HTTP, as a host of repositories has one."""
    folder = tmp_path_factory.mktemp("repositories")
    clone = folder / "livestorm-mock.git"
    for command in (["clone", "--bare", f"file://{ROOT}", str(clone)], ["update-server-info"]):
        where = clone if clone.exists() else folder
        subprocess.run([need_program("git"), *command], cwd=where, check=True, capture_output=True)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/livestorm-mock.git"
        server.shutdown()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A home of its own."""
    return Machine(tmp_path)

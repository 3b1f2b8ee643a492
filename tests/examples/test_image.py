"""The Dockerfile and the Compose file at the root, as far as that can be told without an engine.

What the image runs is run here: its command and its health check, with a root that can't be
written and as another user than root.
"""

import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import httpx
import pytest
from livestorm_mock_server.serve_command import serve
from ruamel.yaml import YAML

from tests.contract_tests.programs import leave_out

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = YAML(typ="safe").load(ROOT / "compose.yaml")
SERVICE = COMPOSE["services"]["livestorm"]
SECONDS = 60
READ_ONLY = (
    "mount --bind / / && mount -o remount,ro,bind /"
    " && mount -t tmpfs -o mode=1777 tmpfs {temporary}"
    ' && exec setpriv --reuid {user} --clear-groups --no-new-privs --bounding-set=-all -- "$@"'
)
"""What an engine does for `--read-only --tmpfs /tmp`, a user, and `--cap-drop ALL`."""


def instructions() -> list[tuple[str, str]]:
    """Give the Dockerfile's instructions, each with what stands behind it."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in whole]


def last_stage() -> dict[str, str]:
    """Give those of the stage that is shipped."""
    found = instructions()
    begins = max(at for at, (name, _) in enumerate(found) if name == "FROM")
    return dict(found[begins:])


def health_check(port: int) -> int:
    """Run the image's; give its exit status."""
    command = json.loads(last_stage()["HEALTHCHECK"].partition("CMD ")[2])
    done = subprocess.run(
        [sys.executable, *command[1:]],
        env={**os.environ, "PORT": str(port)},
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    return done.returncode


@pytest.fixture
def port() -> Iterator[int]:
    """A port that nobody listens at."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


LACKS = ("unshare", "mount", "Permission denied", "cannot open shared object file")
"""What is told where a user may not have a root, or may not read this Python."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[int]:
    """What the image runs, on the loopback; its port, once it answers."""
    program, *options = json.loads(last_stage()["ENTRYPOINT"]) + json.loads(last_stage()["CMD"])
    # No test listens where others than this machine reach it.
    options = ["127.0.0.1" if one == "0.0.0.0" else one for one in options]  # noqa: S104
    own = [str(Path(sys.executable).with_name(program)), *options, "--port", "0", "--json"]
    given = ["--control-token", "for-tests-only"]
    # Not /tmp itself, where this checkout may be.
    script = READ_ONLY.format(user=last_stage()["USER"], temporary=shlex.quote(str(tmp_path)))
    command = ["unshare", "--mount", "sh", "-c", script, "sh", *own, *given]
    with subprocess.Popen(
        command,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        if not (told := process.stdout.readline()):
            told = process.stderr.read()
            if any(one in told for one in LACKS):
                leave_out(f"this machine lets nobody have a root of their own: {told.strip()}")
            raise AssertionError(told)
        yield int(json.loads(told)["app_url"].rpartition(":")[2])
        process.terminate()
        process.communicate(timeout=SECONDS)
        assert process.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="its namespaces are Linux's")
def test_image_serves_with_a_root_that_cannot_be_written(served: int) -> None:
    """As another user than root, without a capability; the health check needs no token."""
    url = f"http://127.0.0.1:{served}/_mock"
    with httpx.Client(trust_env=False) as http:
        assert http.get(f"{url}/clock").status_code == 401
        token = {"Authorization": "Bearer for-tests-only"}
        assert http.get(f"{url}/clock", headers=token).status_code == 200
    assert health_check(served) == 0


def test_health_check_tells_that_nobody_answers(port: int) -> None:
    """By its exit status."""
    assert health_check(port) == 1


def test_image_is_made_in_two_stages_and_runs_as_nobody_in_particular() -> None:
    """What builds is not shipped; the user is a number, which an orchestrator can look at."""
    assert [name for name, _ in instructions()].count("FROM") == 2
    assert int(last_stage()["USER"]) > 0
    assert "COPY" not in last_stage()


def test_context_has_what_the_wheel_is_built_from() -> None:
    """What is left out of the build is not needed by it."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    taken = {line[1:] for line in lines if line.startswith("!")}
    assert all((ROOT / one).exists() for one in taken)
    needed = ["LICENSE", "README.md", "pyproject.toml", "mock_server", "client", "scenarios"]
    assert {*needed, "contract_tests/livestorm_contract_tests"} <= taken


@pytest.mark.parametrize("words", [json.loads(last_stage()["CMD"]), SERVICE["command"]])
def test_options_are_those_of_serve(words: list[str]) -> None:
    """And no control API is open to whoever can reach the container."""
    assert isinstance(serve, click.Command)
    assert words[0] == "serve"
    serve.make_context("serve", words[1:])
    assert "--insecure" not in words


def test_compose_gives_it_nothing_that_it_does_not_need() -> None:
    """A root to read, no capability, and a port on the loopback only."""
    assert SERVICE["read_only"] is True
    assert SERVICE["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in SERVICE["security_opt"]
    assert all(one.startswith("127.0.0.1:") for one in SERVICE["ports"])
    assert ":?" in SERVICE["environment"]["LIVESTORM_MOCK_CONTROL_TOKEN"]


@pytest.mark.parametrize("file", ["Dockerfile", ".devcontainer/Dockerfile"])
def test_hadolint_finds_nothing(file: str) -> None:
    """Where it is installed (https://github.com/hadolint/hadolint)."""
    program = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if program is None:
        leave_out("hadolint is not installed: it is for Linux only")
    done = subprocess.run([program, file], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_container_for_development_is_of_this_project() -> None:
    """It installs by the Makefile, and is built from what lies beside it."""
    folder = ROOT / ".devcontainer"
    given = json.loads((folder / "devcontainer.json").read_text(encoding="utf-8"))
    assert (folder / given["build"]["dockerfile"]).is_file()
    assert given["postCreateCommand"] == "make .venv/.installed"
    made = (folder / given["build"]["dockerfile"]).read_text(encoding="utf-8")
    assert f"useradd --uid 1000 --create-home --shell /bin/bash {given['remoteUser']}" in made

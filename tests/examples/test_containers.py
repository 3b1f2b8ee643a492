"""The Compose project, as far as that can be told without an engine."""

import os
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
from livestorm_mock_server.interception import connect_shim
from livestorm_mock_server.interception.variables import TABLE
from livestorm_mock_server.real_hosts import SERVES
from livestorm_mock_server.serve_command import serve
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples/containers"
COMPOSE: dict[str, Any] = YAML(typ="safe").load(FOLDER / "compose.yaml")
LIVESTORM, CLIENT = COMPOSE["services"]["livestorm"], COMPOSE["services"]["client"]
TOKEN = LIVESTORM["environment"]["LIVESTORM_MOCK_CONTROL_TOKEN"]
SECONDS = 60

# What a container's name server does, and its ports.
AT_THE_FAKE = """
import runpy, sys
sys.path.insert(0, {folder!r})
import connect_shim
connect_shim.install(("127.0.0.1", {port}))
runpy.run_path({client!r}, run_name="__main__")
"""


@pytest.fixture
def port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def environment(tmp_path: Path, port: int) -> dict[str, str]:
    """What the container has, at places of this machine."""
    shared = tmp_path / "certificates"
    shared.mkdir()
    given = {"PORT": str(port), "CERTIFICATES": str(shared), "TMPDIR": str(tmp_path)}
    declared = {name: str(value) for name, value in LIVESTORM["environment"].items()}
    return {**os.environ, **declared, **given}


@pytest.fixture
def container(environment: dict[str, str], port: int) -> Iterator[int]:
    """The entry point with the command of the Compose file; its port, once it answers."""
    command = [sys.executable, str(FOLDER / "entrypoint.py"), *LIVESTORM["command"]]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Livestorm, faked, on ")
        yield port
        process.terminate()
        process.stdout.read()
        assert process.wait(SECONDS) == 0


def test_compose_reads_the_file() -> None:
    """Without an engine, by what parses it."""
    docker = shutil.which("docker")
    compose = [str(docker), "compose"]
    if docker is None or subprocess.run([*compose, "version"], capture_output=True).returncode:
        pytest.skip("docker compose is not installed")
    command = [*compose, "--file", str(FOLDER / "compose.yaml"), "config", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_both_hosts_are_the_fake() -> None:
    """The network's names lead there, and nothing leads out."""
    assert set(LIVESTORM["networks"]["default"]["aliases"]) == set(SERVES)
    assert COMPOSE["networks"]["default"]["internal"] is True


def test_command_has_options_that_there_are() -> None:
    """What is passed on to `serve` is read by it."""
    assert isinstance(serve, click.Command)
    serve.make_context("serve", list(LIVESTORM["command"]))


def test_client_trusts_by_variables_that_runtimes_read() -> None:
    """Each is one of the table, and leads into the volume that the fake writes."""
    trust = COMPOSE["x-trust"]
    assert set(trust) <= {one.name for one in TABLE}
    assert {Path(one).parent for one in trust.values()} == {Path("/certificates")}
    assert trust.items() <= CLIENT["environment"].items()
    assert "certificates:/certificates" in LIVESTORM["volumes"]
    assert "certificates:/certificates:ro" in CLIENT["volumes"]


def test_client_is_the_registered_one() -> None:
    """Its settings are those that the fake is started with."""
    variables = CLIENT["environment"]
    options = [one.partition("=") for one in LIVESTORM["command"]]
    for option, _, value in options:
        name = f"LIVESTORM_{option.removeprefix('--').replace('-', '_').upper()}"
        assert variables.get(name, value) == value
    assert variables["LIVESTORM_MOCK_CONTROL_TOKEN"] == TOKEN


def test_client_waits_until_the_fake_answers() -> None:
    """The health check is the image's."""
    assert CLIENT["depends_on"] == {"livestorm": {"condition": "service_healthy"}}
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_entry_point_is_run_in_the_image_of_the_project() -> None:
    """By its Python, with the port that the health check asks at."""
    assert (FOLDER / LIVESTORM["build"]).resolve() == ROOT
    mounted = dict(one.split(":")[:2] for one in LIVESTORM["volumes"])
    assert LIVESTORM["entrypoint"] == ["python", mounted["./entrypoint.py"]]
    assert LIVESTORM["environment"]["PORT"] == 443


def test_client_signs_in(container: int, environment: dict[str, str]) -> None:
    """As it is, with the variables of its service, where the names lead to the fake."""
    folder = os.path.dirname(connect_shim.__file__)
    script = AT_THE_FAKE.format(folder=folder, port=container, client=str(FOLDER / "client.py"))
    moved = {
        name: str(value).replace("/certificates", environment["CERTIFICATES"])
        for name, value in CLIENT["environment"].items()
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **moved},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("ada.martin@example.test\n", 0), done.stderr


def test_other_services_steer_it(container: int) -> None:
    """By the service's name and with the token; the real hosts have no control API."""
    url = f"http://127.0.0.1:{container}/_mock/clock"
    allowed = {"Host": "livestorm:443", "Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(trust_env=False) as http:
        assert http.get(url, headers=allowed).status_code == 200
        assert http.get(url, headers={"Host": "livestorm:443"}).status_code == 401
        assert http.get(url, headers={**allowed, "Host": "api.livestorm.co"}).status_code == 404


def test_certificates_are_shared_and_the_key_is_not(
    container: int, environment: dict[str, str]
) -> None:
    """Anybody may read them; the key is in a folder of the fake's own."""
    shared = Path(environment["CERTIFICATES"])
    assert {one.name for one in shared.iterdir()} == {"bundle.pem", "ca.pem"}
    assert all("PRIVATE KEY" not in one.read_text() for one in shared.iterdir())
    assert all(one.stat().st_mode & 0o444 == 0o444 for one in shared.iterdir())
    assert (shared / "bundle.pem").read_text().endswith((shared / "ca.pem").read_text())

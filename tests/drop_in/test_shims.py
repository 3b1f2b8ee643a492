"""What Python and Node load first: connections are led, and nothing else changes."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import venv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from livestorm_mock_server.interception.variables import Means, variables

from ..contract_tests.programs import need_program
from ..hardening.compat import interpreters

VERSIONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")

ASK_IN_PYTHON = """
import socket
with socket.create_connection(("{host}", {port}), 10) as sock:
    print(sock.recv(9).decode())
"""
ASK_IN_NODE = """
const net = require('net');
net.{connect}.on('data', (data) => console.log(String(data)))
  .on('error', (error) => console.log(error.code, error.message));
"""

Environment = dict[str, str]


@pytest.fixture
def greeter() -> Iterator[int]:
    """A port of the loopback where each client is told `greetings`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                with client:
                    client.sendall(b"greetings")

        threading.Thread(target=greet, daemon=True).start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def shimmed(greeter: int, tmp_path: Path) -> Callable[..., Environment]:
    """Make an environment whose shims lead to the greeter."""

    def make(before: Mapping[str, str] = os.environ) -> Environment:
        folder = tmp_path / "with a space"
        folder.mkdir(exist_ok=True)
        door = f"127.0.0.1:{greeter}"
        means = Means(
            environment=before, folder=folder, ca_pem="", node_door=door, python_door=door
        )
        return {**before, **variables(means)}

    return make


def printed(command: list[str], environment: Environment) -> str:
    """Run a program that has to be silent on standard error; give what it printed."""
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.mark.parametrize("port", [443, 80])
@pytest.mark.parametrize("host", ["app.livestorm.co", "api.livestorm.co"])
def test_python_is_led(shimmed: Callable[..., Environment], host: str, port: int) -> None:
    """Both hosts, at both ports, are where the shim leads."""
    program = ASK_IN_PYTHON.format(host=host, port=port)
    assert printed([sys.executable, "-c", program], shimmed()) == "greetings"


@pytest.mark.parametrize("version", VERSIONS)
def test_any_python_is_led(shimmed: Callable[..., Environment], version: str) -> None:
    """Each Python of this machine from 3.8 on is led in silence."""
    if not (pythons := interpreters.found(names=[version])):
        pytest.skip(f"there is no Python {version} on this machine")
    program = ASK_IN_PYTHON.format(host="app.livestorm.co", port=443)
    assert printed([str(pythons[version]), "-c", program], shimmed()) == "greetings"


def test_python_of_a_virtual_environment_is_led(
    shimmed: Callable[..., Environment], tmp_path: Path
) -> None:
    """A virtual environment has the shim as well."""
    venv.create(tmp_path / "venv", symlinks=True)
    program = ASK_IN_PYTHON.format(host="app.livestorm.co", port=443)
    python = tmp_path / "venv/bin/python"
    assert printed([str(python), "-c", program], shimmed()) == "greetings"


def test_sitecustomize_that_is_there_is_loaded_too(
    shimmed: Callable[..., Environment], tmp_path: Path
) -> None:
    """What a user had in that place runs, and is the module of that name."""
    (tmp_path / "sitecustomize.py").write_text("print('mine')\nx = 1\n")
    environment = shimmed({**os.environ, "PYTHONPATH": str(tmp_path)})
    program = "import sitecustomize; print(sitecustomize.x, sitecustomize.__file__)"
    path = tmp_path / "sitecustomize.py"
    assert printed([sys.executable, "-c", program], environment) == f"mine\n1 {path}"


@pytest.mark.parametrize("again", ["the same", "another"])
def test_shim_of_python_in_front_of_a_shim_leads_in_silence(
    shimmed: Callable[..., Environment], tmp_path: Path, again: str
) -> None:
    """A `run` within a `run`, or variables that were read twice, end nowhere else."""
    first = shimmed()
    path = first["PYTHONPATH"]
    if again == "another":
        path = str(shutil.copytree(path.partition(os.pathsep)[0], tmp_path / "another"))
    second = {**first, "PYTHONPATH": os.pathsep.join([path, first["PYTHONPATH"]])}
    program = ASK_IN_PYTHON.format(host="app.livestorm.co", port=443)
    assert printed([sys.executable, "-c", program], second) == "greetings"


@pytest.mark.parametrize("door", ["", "nonsense", "127.0.0.1:x"])
def test_python_without_a_door_is_not_led(shimmed: Callable[..., Environment], door: str) -> None:
    """A door that is none changes nothing, and nothing is told."""
    environment = {**shimmed(), "LIVESTORM_MOCK_PYTHON_DOOR": door}
    program = "import sys; print('livestorm_mock_connect_shim' in sys.modules and 'led')"
    assert printed([sys.executable, "-c", program], environment) in ("False", "led")


@pytest.mark.parametrize(
    "connect",
    [
        "connect(443, 'app.livestorm.co')",
        "connect({host: 'API.livestorm.co', port: 443})",
        "connect({host: 'app.livestorm.co.', port: '80', family: 4})",
        "createConnection({host: 'app.livestorm.co', port: 443, autoSelectFamily: true})",
        "Stream().connect(443, 'api.livestorm.co')",
        "Stream().connect({host: 'api.livestorm.co', port: 443})",
    ],
)
def test_node_is_led(shimmed: Callable[..., Environment], connect: str) -> None:
    """However Node is told to connect, it is led."""
    program = ASK_IN_NODE.replace("{connect}", connect)
    assert printed([need_program("node"), "-e", program], shimmed()) == "greetings"


@pytest.mark.parametrize("where", ["www.livestorm.co', port: 443", "app.livestorm.co', port: 22"])
def test_node_refuses_what_is_not_faked(shimmed: Callable[..., Environment], where: str) -> None:
    """Other hosts and ports of Livestorm are errors of the connection."""
    program = ASK_IN_NODE.replace("{connect}", f"connect({{host: '{where}}})")
    told = printed([need_program("node"), "-e", program], shimmed())
    assert told.startswith("ECONNREFUSED livestorm-mock: ")


@pytest.mark.parametrize("given", ["{port}, '127.0.0.1'", "{{host: 'localhost', port: {port}}}"])
def test_node_connects_elsewhere_as_ever(
    shimmed: Callable[..., Environment], greeter: int, given: str
) -> None:
    """Other hosts are untouched."""
    program = ASK_IN_NODE.replace("{connect}", f"connect({given.format(port=greeter)})")
    assert printed([need_program("node"), "-e", program], shimmed()) == "greetings"


def test_node_connects_to_unix_sockets_as_ever(
    shimmed: Callable[..., Environment], tmp_path: Path
) -> None:
    """A path is no host."""
    program = """
const net = require('net');
const server = net.createServer((client) => client.end('greetings')).listen('PATH', () =>
  net.connect('PATH').on('data', (data) => { console.log(String(data)); server.close(); }));
""".replace("PATH", str(tmp_path / "s"))
    assert printed([need_program("node"), "-e", program], shimmed()) == "greetings"


def test_node_leads_threads_too(shimmed: Callable[..., Environment]) -> None:
    """A worker thread of Node loads the shim by itself."""
    inside = ASK_IN_NODE.replace("{connect}", "connect(443, 'app.livestorm.co')")
    program = f"new (require('worker_threads').Worker)({inside!r}, {{ eval: true }});"
    assert printed([need_program("node"), "-e", program], shimmed()) == "greetings"

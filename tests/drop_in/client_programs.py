"""The clients of `clients/`: how each is built and started, and which way leads it to the fake."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from ..contract_tests.programs import BUILD_SECONDS, leave_out, need_program
from ..real_clients.node_packages import NodeMissingError, install_packages

CLIENTS: Final = Path(__file__).with_name("clients")

Command = list[str]
Way = Literal["shim", "proxy"]


@dataclass(frozen=True, slots=True)
class Client:
    """A row: `ways` are those besides the namespace that reach it, none where it is missed.

    `start` gives its command; what has to be built first goes to the folder, once.
    """

    name: str
    start: Callable[[Path], Command]
    ways: tuple[Way, ...] = ()

    def __str__(self) -> str:
        return self.name


def _python(name: str, *arguments: str) -> Callable[[Path], Command]:
    return lambda _: [sys.executable, str(CLIENTS / "python" / f"{name}.py"), *arguments]


def _node(name: str) -> Callable[[Path], Command]:
    def start(_: Path) -> Command:
        try:
            node = install_packages(CLIENTS / "node")
        except NodeMissingError as error:
            leave_out(str(error))
        return [node, str(CLIENTS / "node" / f"{name}.mjs")]

    return start


def _go(name: str) -> Callable[[Path], Command]:
    def start(folder: Path) -> Command:
        program = folder / name
        with _one_process_at_a_time(folder):
            if not program.exists():
                _build(
                    [need_program("go"), "build", "-o", str(program), f"./{name}"], CLIENTS / "go"
                )
        return [str(program)]

    return start


def _java(name: str) -> Callable[[Path], Command]:
    def start(folder: Path) -> Command:
        classes = folder / "classes"
        with _one_process_at_a_time(folder):
            if not classes.exists():
                sources = [str(one) for one in (CLIENTS / "java").glob("*.java")]
                _build([need_program("javac"), "-d", str(classes), *sources], CLIENTS)
        quick = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
        return [need_program("java"), *quick, "-cp", str(classes), name]

    return start


def _shell(_: Path) -> Command:
    for program in ("curl", "jq"):
        need_program(program)
    return ["sh", str(CLIENTS / "shell/curl_client.sh")]


def _ruby(_: Path) -> Command:
    return [need_program("ruby"), str(CLIENTS / "ruby/net_http_client.rb")]


TABLE: Final = (
    Client("urllib", _python("urllib_client"), ("shim", "proxy")),
    Client("requests", _python("requests_client"), ("shim", "proxy")),
    Client("httpx", _python("httpx_client"), ("shim", "proxy")),
    Client("httpx, async", _python("httpx_async_client"), ("shim", "proxy")),
    Client("httpx, async on uvloop", _python("httpx_async_client", "--uvloop"), ("shim", "proxy")),
    Client("aiohttp", _python("aiohttp_client"), ("shim",)),
    Client("aiohttp on uvloop", _python("aiohttp_client", "--uvloop"), ("shim",)),
    Client("pycurl", _python("pycurl_client")),
    Client("Node's fetch", _node("fetch_client"), ("shim",)),
    Client("Node's https", _node("https_client"), ("shim",)),
    Client("axios", _node("axios_client"), ("shim", "proxy")),
    Client("undici", _node("undici_client"), ("shim",)),
    Client("Go's net/http", _go("net_http"), ("proxy",)),
    Client("golang.org/x/oauth2", _go("oauth2"), ("proxy",)),
    Client("Java's HttpClient", _java("HttpClientProgram"), ("proxy",)),
    Client("Java's HttpURLConnection", _java("UrlConnectionProgram"), ("proxy",)),
    Client("curl", _shell, ("proxy",)),
    Client("Ruby's net/http", _ruby, ("proxy",)),
)


def _build(command: Command, folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, timeout=BUILD_SECONDS, capture_output=True)


@contextmanager
def _one_process_at_a_time(folder: Path) -> Iterator[None]:
    """Hold back the other workers of a parallel run while one builds."""
    with (folder / "lock").open("w") as file:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield

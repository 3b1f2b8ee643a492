"""What is there on Windows, as far as another system can tell."""

import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from livestorm_mock_server import InvalidInputError, listeners

from .served import SECONDS, Served, assert_wrong_usage, run
from .wire import exchange, frame

PACKAGES = ("livestorm_client", "livestorm_mock_server", "livestorm_scenarios")

# What asyncio's loops of Windows lack, in a process without uvloop.
WITHOUT_HANDLERS = """
import asyncio, sys
sys.modules["uvloop"] = None
def lacks(*_):
    raise NotImplementedError
asyncio.SelectorEventLoop.add_signal_handler = lacks
asyncio.SelectorEventLoop.add_reader = lacks
"""

CLIENTS_AT_THE_STOP = """
import socket, sys
sys.modules["uvloop"] = None
from livestorm_mock_server import MockLivestorm
for _ in range(10):
    livestorm = MockLivestorm().start()
    clients = [socket.create_connection(("127.0.0.1", livestorm.port)) for _ in range(3)]
    livestorm.stop()
    for client in clients:
        client.close()
"""

# The project's own imports of what only POSIX has fail; those of libraries don't.
WITHOUT_POSIX = """
import builtins, importlib, pkgutil, sys
ABSENT = {"fcntl", "grp", "pwd", "resource", "termios", "tty", "uvloop"}
LACKING = {"fork", "getuid", "killpg", "SIGHUP", "SIGKILL", "SIGUSR1", "SIGXFSZ", "AF_UNIX"}
real = builtins.__import__
def imports(name, globals=None, locals=None, fromlist=(), level=0):
    own = str((globals or {}).get("__name__")).startswith("livestorm_")
    if own and (name in ABSENT or LACKING & set(fromlist or ())):
        raise ImportError(name)
    return real(name, globals, locals, fromlist, level)
builtins.__import__ = imports
for package in sys.argv[1:]:
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        importlib.import_module(module.name)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_serve_on_a_loop_without_handlers(number: signal.Signals) -> None:
    """It serves, and ends in order, where asyncio can be told of no signal and no descriptor."""
    served = Served("--json", "--quiet", before=WITHOUT_HANDLERS)
    try:
        url = served.describes_itself()["app_url"]
        assert exchange(url, frame("GET", "/v1/ping")).status == 401
        assert served.end(number) == (0, "", "")
    finally:
        served.kill()


def test_stop_closes_whoever_has_just_come() -> None:
    """Without uvloop, too, no client is left with an open socket that nobody serves."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CLIENTS_AT_THE_STOP],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_end_of_standard_input_ends_serve_on_such_a_loop() -> None:
    """A thread reads it, which no loop has to be able to."""
    served = Served("--json", "--quiet", before=WITHOUT_HANDLERS)
    try:
        served.describes_itself()
        assert served.end_input() == (0, "", "")
    finally:
        served.kill()


def test_nothing_imports_what_only_posix_has() -> None:
    """The fake and the client load without POSIX's modules, signals and calls."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_POSIX, *PACKAGES],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_port_is_not_shared_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """There, SO_REUSEADDR would take a port that somebody has."""
    monkeypatch.setattr(listeners, "os", SimpleNamespace(name="nt"))
    with listeners.bind("127.0.0.1", 0) as listener:
        assert listener.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) == 0


def test_tls_is_refused_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything listens, and so is the proxy, which needs it."""
    monkeypatch.setattr(listeners, "os", SimpleNamespace(name="nt"))
    proxy = listeners.read_proxy(0, "refuse")
    for options, told in (({"tls": True}, "tls is True"), ({"proxy": proxy}, "proxy_port is 0")):
        with pytest.raises(InvalidInputError, match=f"{told}; expected nothing on Windows"):
            listeners.open_listeners("127.0.0.1", 0, **options)


@pytest.mark.parametrize(
    ("console", "arguments", "shown"),
    [
        ("cp1252", [], "now \\u2192 later"),
        ("cp1252", ["--json"], "http://"),
        ("ascii", [], "now → later"),
        ("ascii", ["--json"], "http://"),
    ],
)
def test_title_that_no_console_shows_is_no_error(
    tmp_path: Path, console: str, arguments: list[str], shown: str
) -> None:
    """A console of few characters, as on Windows, gets the others escaped.

    One of ASCII alone is taken for one that was not told that it has UTF-8, as by click.
    """
    file = tmp_path / "mine.toml"
    file.write_text("title = 'now → later'", encoding="utf-8")
    served = Served("--scenario", str(file), *arguments, PYTHONIOENCODING=console)
    try:
        assert shown in served.line()
    finally:
        served.kill()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize(
    ("given", "shown"), [("\udcff", "\\udcff"), ("\x1b[2J", "\\x1b[2J"), ("\u202e", "\\u202e")]
)
def test_error_quotes_what_no_console_shows(encoding: str, given: str, shown: str) -> None:
    """Bytes that are no text, and what a terminal would obey, are escaped."""
    before = f"""import sys
sys.stderr.reconfigure(encoding={encoding!r})
sys.argv.append({given!a})  # Not every locale lets it be an argument.
"""
    assert_wrong_usage(run("serve", "--host", before=before), shown)


def test_contract_tests_say_where_they_run() -> None:
    """On Windows, `check` says in one line that it is not for it."""
    code = (
        "import os; from types import SimpleNamespace;"
        "from livestorm_mock_server import cli, suite_commands;"
        "suite_commands.os = SimpleNamespace(**{**vars(os), 'name': 'nt'}); cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "--client", "reference"],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    line = "livestorm-mock: the contract tests need Linux or macOS; on Windows, use WSL\n"
    assert (done.returncode, done.stderr) == (3, line)

"""A uvicorn that lacks what the fake needs of it is told before anything is served."""

import asyncio
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from livestorm_mock_server.listeners import Listeners
from livestorm_mock_server.protocol import Protocol
from livestorm_mock_server.request_parser import Events
from livestorm_mock_server.scenario_files import load_scenario
from livestorm_mock_server.server_thread import ServerThread
from livestorm_mock_server.uvicorn_hooks import HOOKS, USED, UnfitUvicornError, check_uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from .served import LAUNCH, SECONDS, assert_wrong_usage

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
WITHOUT_TASKS = """
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
del HttpToolsProtocol._start_asgi_task
"""


def check() -> None:
    """Check the installed uvicorn, as it is now."""
    asyncio.run(check_uvicorn())


def test_installed_uvicorn_is_fit() -> None:
    """The one that the tests run with has all that is needed."""
    check()


@pytest.mark.parametrize("name", USED)
def test_method_that_is_absent_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The error says which release lacks what."""
    monkeypatch.delattr(HttpToolsProtocol, name)
    with pytest.raises(UnfitUvicornError) as caught:
        check()
    told = f"uvicorn {uvicorn.__version__} does not have `HttpToolsProtocol.{name}`"
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize("name", HOOKS)
def test_hook_that_is_not_called_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A hook that is still there, but by-passed, would be as good as none."""
    begin, own = HttpToolsProtocol.__init__, getattr(HttpToolsProtocol, name)

    def begin_without(protocol: HttpToolsProtocol, *arguments: Any, **named: Any) -> None:
        setattr(protocol, name, own.__get__(protocol))
        begin(protocol, *arguments, **named)

    monkeypatch.setattr(HttpToolsProtocol, "__init__", begin_without)
    with pytest.raises(UnfitUvicornError, match=f"does not call `HttpToolsProtocol.{name}`"):
        check()


def test_answer_beside_the_one_by_hand_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """uvicorn must leave a request alone that was answered by hand."""
    unheeded = property(lambda cycle: False, lambda cycle, value: None)
    monkeypatch.setattr(RequestResponseCycle, "disconnected", unheeded, raising=False)
    with pytest.raises(UnfitUvicornError, match="does not heed"):
        check()


def test_attribute_that_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What uvicorn calls otherwise inside is an error at the start, not at the first request."""
    made = HttpToolsProtocol.connection_made

    def made_without_scheme(protocol: HttpToolsProtocol, transport: asyncio.Transport) -> None:
        made(protocol, transport)
        del protocol.scheme

    monkeypatch.setattr(HttpToolsProtocol, "connection_made", made_without_scheme)
    with pytest.raises(UnfitUvicornError, match=r"does not do as expected .*scheme"):
        check()


def test_each_hook_is_tried() -> None:
    """What the fake overrides of uvicorn's protocol is in one of the lists.

    Without what asyncio calls, and `shutdown`, which the fake's own server calls. What the fake's
    parser calls, uvicorn need not call.
    """
    overridden = {name for name in vars(Protocol) if name in vars(HttpToolsProtocol)}
    overridden -= {*dir(asyncio.Protocol), "shutdown"}
    assert overridden < set(USED)
    assert set(HOOKS) == overridden - set(dir(Events))


def test_start_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is served from Python."""
    monkeypatch.delattr(HttpToolsProtocol, "_start_asgi_task")
    listeners = Listeners("127.0.0.1", 0)
    with pytest.raises(UnfitUvicornError):
        ServerThread(load_scenario("happy_path"), listeners, None)
    for listener in listeners.sockets:
        listener.close()


def test_serve_is_refused_in_one_line() -> None:
    """On the command line, it is a line."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TASKS + LAUNCH, "serve", "--port", "0", "--json"],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert_wrong_usage(done, f"uvicorn {uvicorn.__version__}", "_start_asgi_task")


def test_error_names_the_oldest_that_is_allowed() -> None:
    """The release that the error names is the one in pyproject.toml."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    [floor] = [one for one in project["dependencies"] if one.startswith("uvicorn")]
    assert f"uvicorn {floor.partition('>=')[2]} is the oldest" in str(UnfitUvicornError("lacks"))

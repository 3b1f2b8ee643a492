"""The pytest fixtures: `livestorm` gives each test a sandbox of its own on one server."""

import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .embedded_sandbox import LivestormSandbox
    from .embedding import MockLivestorm

_LONGEST_NAME = 150
_MARKER = "livestorm(scenario=..., seed=..., **provider): what the livestorm fixture starts from"


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", _MARKER)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that says where the journals of failing tests go."""
    told = "keep the control room of each failing test's sandbox in this folder, as one page"
    parser.getgroup("livestorm").addoption("--livestorm-journals", metavar="DIR", help=told)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what the sandbox of a failing test has seen, and say where it is."""
    report = yield
    sandbox = getattr(item, "funcargs", {}).get("livestorm_sandbox")
    if report.failed and call.when == "call" and sandbox is not None:
        told = _keep(item, sandbox)
        report.sections.append(("livestorm journal", told))
    return report


def _folder(config: pytest.Config) -> Path | None:
    """Give the folder that was asked for, or one in the cache of pytest, if there is one."""
    wanted: str | None = config.getoption("--livestorm-journals")
    cache: pytest.Cache | None = getattr(config, "cache", None)
    if wanted is not None:
        return Path(wanted)
    return None if cache is None else cache.mkdir("livestorm")


def _keep(item: pytest.Item, sandbox: "LivestormSandbox") -> str:
    """Write the page, and tell its path, or why there is none."""
    name = re.sub(r"[^\w.\-]+", "_", item.nodeid)[-_LONGEST_NAME:]
    folder = _folder(item.config)
    if folder is None:
        return "there is no cache of pytest's; --livestorm-journals DIR says where it is kept"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.html").write_text(sandbox.export_html(), encoding="utf-8")
    except Exception as error:  # Whatever it is, it must not hide why the test failed.
        return f"it can't be kept: {error}"
    return str(folder / f"{name}.html")


@pytest.fixture(scope="session")
def livestorm_server() -> Iterator["MockLivestorm"]:
    """The server of this test session."""
    from .embedding import MockLivestorm

    with MockLivestorm() as server:
        yield server


@pytest.fixture
def livestorm(livestorm_sandbox: "LivestormSandbox") -> "LivestormSandbox":
    """A sandbox for this test only; `@pytest.mark.livestorm(...)` says what it starts from."""
    return livestorm_sandbox


@pytest.fixture
def livestorm_hosts(livestorm_sandbox: "LivestormSandbox") -> Iterator["LivestormSandbox"]:
    """The same, and what names app.livestorm.co and api.livestorm.co in this process reaches it."""
    with livestorm_sandbox.as_livestorm():
        yield livestorm_sandbox


@pytest.fixture
def livestorm_sandbox(
    request: pytest.FixtureRequest, livestorm_server: "MockLivestorm"
) -> Iterator["LivestormSandbox"]:
    """The same by a longer name, for suites with a `livestorm` of their own."""
    marker = request.node.get_closest_marker("livestorm")
    arguments, keywords = (marker.args, marker.kwargs) if marker else ((), {})
    with livestorm_server.sandbox(*arguments, **keywords) as sandbox:
        yield sandbox

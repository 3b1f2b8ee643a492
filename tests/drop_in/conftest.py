"""One authority for the session, and servers with doors on both event loops."""

import asyncio
import logging
import os
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm, server
from livestorm_mock_server.listeners import bind
from livestorm_mock_server.tls.authority import Authority, real_time

from ..mock_server.failure_log import FailureLog


@pytest.fixture(scope="session")
def authority() -> Authority:
    """An authority of these tests."""
    return Authority.create(now=real_time())


@pytest.fixture(scope="session")
def serving(authority: Authority) -> ssl.SSLContext:
    """What a door serves with."""
    return authority.context()


@pytest.fixture(scope="session")
def trusting(authority: Authority) -> ssl.SSLContext:
    """What a client trusts the authority with."""
    return ssl.create_default_context(cadata=authority.pem)


@pytest.fixture(scope="module")
def failures() -> Iterator[FailureLog]:
    """What servers of this process log as their own failures."""
    log = FailureLog()
    logging.getLogger().addHandler(log)
    yield log
    logging.getLogger().removeHandler(log)


@pytest.fixture(scope="module", params=["asyncio", "uvloop"])
def looped(request: pytest.FixtureRequest) -> Iterator[MockLivestorm]:
    """A server on each event loop."""
    loops = asyncio if request.param == "asyncio" else pytest.importorskip("uvloop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "event_loops", loops)
        with MockLivestorm(rate_limits=False) as livestorm:
            yield livestorm


@pytest.fixture
def sandbox(looped: MockLivestorm) -> Iterator[LivestormSandbox]:
    """A sandbox on it."""
    with looped.sandbox() as opened:
        yield opened


@pytest.fixture
def port(sandbox: LivestormSandbox, serving: ssl.SSLContext) -> Iterator[int]:
    """The port of a door with TLS that leads to the sandbox."""
    listener = bind("127.0.0.1", 0)
    door = sandbox.open_door(listener, serving)
    yield listener.getsockname()[1]
    sandbox.close_door(door)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where programs are built once for all workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "drop_in_clients"
    folder.mkdir(exist_ok=True)
    return folder

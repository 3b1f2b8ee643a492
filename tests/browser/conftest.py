"""A browser for all tests, and a fresh page and callback for each."""

from collections.abc import Iterator

import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.control_access import ControlAccess

from ..contract_tests.programs import leave_out
from .browser import COMMANDS, HEADLESS_SHELL, Browser, find_chromium
from .callback_server import CallbackServer
from .page import Page
from .room import CONTROL_TOKEN, ControlRoom


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser process, started when the first test needs it."""
    command = find_chromium(HEADLESS_SHELL)
    if command is None:
        leave_out(f"there is no browser: install {HEADLESS_SHELL} or {', '.join(COMMANDS)}")
    with Browser(command) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page without cookies."""
    with Page(browser) as page:
        yield page


@pytest.fixture
def room(page: Page, livestorm: LivestormSandbox) -> ControlRoom:
    """The control room of the test's sandbox."""
    return ControlRoom(page, livestorm)


@pytest.fixture
def guarded() -> Iterator[MockLivestorm]:
    """A server whose control API wants a token."""
    access = ControlAccess.for_server("127.0.0.1", token=CONTROL_TOKEN)
    with MockLivestorm(access=access) as livestorm:
        yield livestorm


@pytest.fixture
def callback() -> Iterator[CallbackServer]:
    """The client's redirect URI, on a port that nobody registered."""
    with CallbackServer() as server:
        yield server

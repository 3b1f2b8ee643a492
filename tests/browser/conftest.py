"""A browser for all tests, and a fresh page and callback for each."""

from collections.abc import Iterator

import pytest

from ..contract_tests.programs import leave_out
from .browser import COMMANDS, Browser, find_chromium
from .callback_server import CallbackServer
from .page import Page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser process, started when the first test needs it."""
    command = find_chromium()
    if command is None:
        leave_out(f"there is no browser: install one of {', '.join(COMMANDS)}")
    with Browser(command) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page without cookies."""
    with Page(browser) as page:
        yield page


@pytest.fixture
def callback() -> Iterator[CallbackServer]:
    """The client's redirect URI, on a port that nobody registered."""
    with CallbackServer() as server:
        yield server

"""A browser for all tests, and a fresh page and callback for each."""

from collections.abc import Iterator

import pytest

from .callback_server import CallbackServer
from .chromium import COMMANDS, Chromium, Page, find_chromium


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """One browser process, started when the first test needs it."""
    command = find_chromium()
    if command is None:
        pytest.skip(f"there is no browser: install one of {', '.join(COMMANDS)}")
    with Chromium(command, tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def page(chromium: Chromium) -> Iterator[Page]:
    """A page without cookies."""
    page = Page(chromium)
    yield page
    page.close()


@pytest.fixture
def callback() -> Iterator[CallbackServer]:
    """The client's redirect URI, on a port that nobody registered."""
    with CallbackServer() as server:
        yield server

"""Debian's Chromium, driven by Playwright (https://playwright.dev/python/)."""

import asyncio
import shutil
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

from playwright.async_api import BrowserContext, async_playwright

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The whole browser, as people have it."""
HEADLESS_SHELL = "chromium-headless-shell"
"""The same without an interface, which takes a quarter of the processor time."""

_FLAGS = (
    "--disable-gpu",
    "--no-proxy-server",
    "--host-resolver-rules=MAP evil.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_Told = TypeVar("_Told")


def find_chromium(*preferred: str) -> str | None:
    """Give the path of an installed Chromium or Chrome."""
    found = map(shutil.which, (*preferred, *COMMANDS))
    return next((path for path in found if path is not None), None)


class Browser:
    """A browser process.

    Playwright's synchronous API would leave its event loop running in the thread of the tests, so
    that no other test of the same process could start one: here the loop rests between calls.
    """

    def __init__(self, command: str) -> None:
        self._runner = asyncio.Runner()
        self._playwright = self.run(async_playwright().start())
        launched = self._playwright.chromium.launch(executable_path=command, args=_FLAGS)
        self._browser = self.run(launched)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._browser.close())
        self.run(self._playwright.stop())
        self._runner.close()

    def run(self, call: Coroutine[Any, Any, _Told]) -> _Told:
        """Wait for a call of Playwright, and take in what the browser tells meanwhile."""
        return self._runner.run(call)

    def open_context(self, **options: Any) -> BrowserContext:
        """Give a context of its own, without cookies; the options are Playwright's."""
        return self.run(self._browser.new_context(**options))

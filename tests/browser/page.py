"""A tab as a person uses it, with the mouse and with the keyboard."""

import asyncio
from types import TracebackType
from typing import Any, Literal, Self

from playwright.async_api import CDPSession, ConsoleMessage, Locator
from playwright.async_api import Page as Tab

from .browser import Browser

Scheme = Literal["light", "dark"]

SECONDS = 20.0
"""How long anything may take."""
MOST_STOPS = 80
"""Stops of the keyboard on a page, at most."""
NARROW = 600
"""Pixels of width below which a window is a phone's."""

_ELEMENT = "document.activeElement"
_FOCUSED = f"{_ELEMENT}.labels?.[0]?.innerText || {_ELEMENT}.innerText || {_ELEMENT}.value"
_REPORT = """
addEventListener("securitypolicyviolation", (it) => console.error("CSP", it.violatedDirective));
"""
# Playwright's `wait_for_function` compiles what it waits for again and again, and only the first
# time it may where a policy forbids `eval`.
_LOOK = """
new Promise((done) => {
  const look = () => { const it = %s; it ? done(it) : setTimeout(look, 20); };
  look();
})
"""


class Page:
    """A tab in a context of its own: no cookies, nothing remembered."""

    def __init__(
        self,
        browser: Browser,
        *,
        size: tuple[int, int] = (1280, 720),
        scheme: Scheme = "light",
        runs_scripts: bool = True,
        checks_certificates: bool = True,
    ) -> None:
        self.run = browser.run
        self._context = browser.open_context(
            viewport={"width": size[0], "height": size[1]},
            is_mobile=size[0] < NARROW,
            color_scheme=scheme,
            java_script_enabled=runs_scripts,
            ignore_https_errors=not checks_certificates,
        )
        self._errors: list[str] = []
        self._loads = 0
        self.run_before_others(_REPORT)
        self.tab = self.run(self._new_tab())

    async def _new_tab(self) -> Tab:
        tab = await self._context.new_page()
        tab.on("load", self._note_load)
        tab.on("console", self._note_message)
        tab.on("pageerror", lambda error: self._errors.append(str(error)))
        return tab

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.run(self._context.close())

    def _note_load(self, _: object) -> None:
        self._loads += 1

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "assert"):
            self._errors.append(f"{message.text} {message.location.get('url', '')}")

    def run_before_others(self, script: str) -> None:
        """Run a script in each document before its own."""
        self.run(self._context.add_init_script(script))

    def developer_tools(self) -> CDPSession:
        """Give what Playwright has no words for: https://chromedevtools.github.io."""
        return self.run(self._context.new_cdp_session(self.tab))

    def open(self, url: str) -> None:
        """Go to a URL and wait until it is loaded."""
        self._loads = 0
        self.run(self.tab.goto(url, wait_until="commit"))
        self.wait_until_loaded()

    def wait_until_loaded(self) -> None:
        """Wait for the next page to be loaded. Raises TimeoutError."""
        self.run(asyncio.wait_for(self._next_load(), SECONDS))

    async def _next_load(self) -> None:
        while not self._loads:
            await self.tab.wait_for_event("load")
        self._loads = 0

    def evaluate(self, expression: str) -> Any:
        """Give the value of a JavaScript expression, or of its promise."""
        return self.run(self.tab.evaluate(expression))

    def wait_until(self, expression: str) -> Any:
        """Wait until a JavaScript expression is true; give its value. Raises TimeoutError."""
        return self.run(asyncio.wait_for(self.tab.evaluate(_LOOK % expression), SECONDS))

    def text(self) -> str:
        """Give the page's text as a reader sees it."""
        return self.run(self.tab.locator("body").inner_text())

    def focused(self) -> str:
        """Give what a reader would call the element that has the focus."""
        return str(self.evaluate(_FOCUSED)).strip()

    def tab_to(self, name: str) -> None:
        """Press `Tab` until what has the focus is called so."""
        passed: list[str] = []
        while len(passed) < MOST_STOPS:
            self.press("Tab")
            passed.append(self.focused())
            if passed[-1] == name:
                return
        raise AssertionError(f"the keyboard does not lead to {name!r}: {passed}")

    def click(self, element: str | Locator) -> None:
        """Press and release the mouse in the middle of an element, once it can be pressed."""
        place = self.tab.locator(element) if isinstance(element, str) else element
        self.run(place.click())

    def press(self, key: str) -> None:
        """Press and release a key by its name, such as `Tab` or `Enter`."""
        self.run(self.tab.keyboard.press(key))

    def type(self, text: str) -> None:
        """Write into what has the focus."""
        self.run(self.tab.keyboard.insert_text(text))

    def fill(self, field: str, text: str) -> None:
        """Write into the field that a selector finds, in the place of what it has."""
        self.run(self.tab.locator(field).fill(text))

    def choose(self, select: str, value: str) -> None:
        """Choose an option of the select box that a selector finds."""
        self.run(self.tab.locator(select).select_option(value))

    def screenshot(self) -> bytes:
        """Give what is seen of the page as a PNG."""
        return self.run(self.tab.screenshot())

    def console_errors(self) -> list[str]:
        """Give what the console has shown in red so far, and what the page's policy refused."""
        self.run(self.tab.title())  # All that was told before is taken in with its answer.
        return self._errors

    def wait_for_console_error(self, words: str) -> None:
        """Wait until the console has shown these words in red. Raises TimeoutError."""
        self.run(asyncio.wait_for(self._error_with(words), SECONDS))

    async def _error_with(self, words: str) -> None:
        while not any(words in error for error in self._errors):
            await self.tab.wait_for_event("console")

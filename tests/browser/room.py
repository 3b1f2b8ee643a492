"""The control room as a person uses it."""

import json

import httpx
from livestorm_mock_server import LivestormSandbox

from .chromium import BrowserError, Page

MOST_TABS = 80
_WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (one) => violations.push(one.violatedDirective));
"""


class ControlRoom:
    """A page with the room of a sandbox."""

    def __init__(self, page: Page, livestorm: LivestormSandbox) -> None:
        self.page, self.livestorm = page, livestorm
        page.send("Page.addScriptToEvaluateOnNewDocument", source=_WATCH)

    def open(self, query: str = "", *, scheme: str = "light", fragment: str = "") -> None:
        """Go there, and wait until the exchanges that there are have come."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.page.send("Emulation.setEmulatedMedia", features=features)
        self.page.open(f"{self.livestorm.control_url}/{query}{fragment}")
        self.page.wait_until("document.querySelector('.state.live')")
        self.page.wait_until("!document.querySelector('.loading')")

    def call(self) -> int | None:
        """Have a client call the API; give the status, None where nothing is answered."""
        try:
            return httpx.get(f"{self.livestorm.api_url}/me").status_code
        except httpx.TransportError:
            return None

    def rows(self) -> list[str]:
        """Give what a screen reader is told of each row."""
        rows = "[...document.querySelectorAll('.row')].map((it) => it.getAttribute('aria-label'))"
        return list(self.page.evaluate(rows))

    def wait_for_rows(self, count: int) -> list[str]:
        """Wait until there are so many."""
        self.page.wait_until(f"document.querySelectorAll('.row').length === {count}")
        return self.rows()

    def wait_for(self, selector: str, words: str = "") -> str:
        """Wait for an element that holds these words; give its text."""
        found = f"[...document.querySelectorAll({json.dumps(selector)})]"
        fits = f"{found}.map((it) => it.innerText).find((it) => it.includes({json.dumps(words)}))"
        return str(self.page.wait_until(fits))

    def press_button(self, name: str) -> None:
        """Press the button of this name with the mouse."""
        self.page.wait_until(_named(name))
        self.page.evaluate(f"{_named(name)}.scrollIntoView({{block: 'center'}})")
        box = self.page.evaluate(f"{_named(name)}.getBoundingClientRect().toJSON()")
        self.page.click_at(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def tab_to(self, is_there: str) -> None:
        """Press Tab until the focus is where an expression of `it` says. Raises BrowserError."""
        for _ in range(MOST_TABS):
            self.page.press("Tab")
            if self.page.evaluate(f"((it) => {is_there})(document.activeElement)"):
                return
        raise BrowserError(f"{MOST_TABS} times Tab, and no {is_there}")

    def tab_to_name(self, name: str) -> None:
        """Press Tab until what has this name has the focus."""
        told = json.dumps(name)
        self.tab_to(f"(it.getAttribute('aria-label') || it.innerText) === {told}")

    def check_nothing_went_wrong(self) -> None:
        """Check that no script of anybody else's ran, and nothing was refused or failed."""
        told = self.page.evaluate("[window.pwned ?? 'nothing', ...window.violations]")
        assert (told, self.page.console_errors()) == (["nothing"], [])


def _named(name: str) -> str:
    told = json.dumps(name)
    return (
        "[...document.querySelectorAll('button, nav a')].find((it) =>"
        f" (it.getAttribute('aria-label') || it.innerText) === {told})"
    )

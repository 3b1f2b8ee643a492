"""The control room as a person uses it."""

import json

import httpx
from livestorm_mock_server import LivestormSandbox

from .page import MOST_STOPS, Page

CONTROL_TOKEN = "a-control-token"


class ControlRoom:
    """A page with the room of a sandbox."""

    def __init__(self, page: Page, livestorm: LivestormSandbox) -> None:
        self.page, self.livestorm = page, livestorm

    def open(self, query: str = "", *, fragment: str = "") -> None:
        """Go there, and wait until the exchanges that there are have come."""
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
        texts = self.page.run(self.page.tab.locator(".row").all_inner_texts())
        return [" ".join(text.split()) for text in texts]

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
        """Press the button, or the link to a view, of this name with the mouse."""
        tab = self.page.tab
        view = tab.get_by_role("navigation").get_by_role("link", name=name, exact=True)
        self.page.click(tab.get_by_role("button", name=name, exact=True).or_(view).first)

    def tab_to(self, is_there: str, key: str = "Tab") -> None:
        """Press Tab, or another key, until the focus is where an expression of `it` says."""
        for _ in range(MOST_STOPS):
            self.page.press(key)
            if self.page.evaluate(f"((it) => {is_there})(document.activeElement)"):
                return
        raise AssertionError(f"{MOST_STOPS} times {key}, and no {is_there}")

    def tab_to_name(self, name: str, key: str = "Tab") -> None:
        """Press Tab, or another key, until what has this name has the focus."""
        told = json.dumps(name)
        self.tab_to(f"(it.getAttribute('aria-label') || it.innerText) === {told}", key)

    def go_to(self, view: str) -> None:
        """Go back to the views with the keyboard, and open one."""
        self.tab_to_name(view, "Shift+Tab")
        self.page.press("Enter")
        self.page.wait_until(f"document.querySelector('[data-view={view.lower()}]')")

    def check_nothing_went_wrong(self) -> None:
        """Check that no script of anybody else's ran, and nothing was refused or failed."""
        told = self.page.evaluate("window.pwned ?? 'nothing'")
        assert (told, self.page.console_errors()) == ("nothing", [])

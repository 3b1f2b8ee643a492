"""The control room by the keyboard alone."""

import pytest

from .browser import Browser
from .page import Page
from .room import ControlRoom

pytestmark = pytest.mark.livestorm(rate_limits=False)


def test_everything_is_done_with_the_keyboard(room: ControlRoom, browser: Browser) -> None:
    """Arm a fault and see it strike, read why, filter and share that, let a token expire, register
    an application: the mouse is not needed, and neither is a script.
    """
    room.livestorm.issue_tokens()
    room.call()
    room.open()
    room.wait_for_rows(1)
    filter_by_a_suggestion(room)
    read_why(room)
    arm_a_fault(room)
    room.call()
    room.wait_for(".hits", "1")
    room.go_to("Journal")
    assert "oauth_error before the effect" in room.wait_for_rows(2)[1]
    share(room, browser)
    room.go_to("Tokens")
    room.wait_for(".card", "expires in")
    room.tab_to_name("Just after expiry of pair 1")
    room.page.press("Enter")
    room.wait_for(".card.expired", "Pair 1")
    register(room)
    room.check_nothing_went_wrong()


def filter_by_a_suggestion(room: ControlRoom) -> None:
    """Write the beginning of a term, and take the first that is suggested."""
    room.tab_to("it.id === 'filter'")
    room.page.type("status:4")
    room.wait_for("#suggestions li", "status:4xx")
    room.page.press("ArrowDown")
    room.page.press("Enter")
    room.page.wait_until("new URLSearchParams(location.search).get('filter') === 'status:4xx '")


def read_why(room: ControlRoom) -> None:
    """Open the last exchange, and close it again."""
    room.tab_to("it.getAttribute('role') === 'listbox'")
    room.page.press("End")
    room.page.wait_until("document.querySelector('.row[aria-selected=true]')")
    room.page.press("Enter")
    assert "Why refused" in room.wait_for(".detail .why", "no access token")
    room.page.wait_until("document.activeElement.matches('.detail h2')")
    room.page.press("Escape")
    room.page.wait_until("document.activeElement.matches('.list')")


def arm_a_fault(room: ControlRoom) -> None:
    """Choose an endpoint by typing its name, and write the error."""
    room.go_to("Faults")
    room.page.wait_until("document.getElementById('on')")
    room.tab_to("it.id === 'on'")
    for letter in "api.me":
        room.page.press(letter)
    room.tab_to("it.id === 'key-error'")
    room.page.type("invalid_grant")
    room.page.press("Enter")
    room.wait_for(".hits", "0")


def share(room: ControlRoom, browser: Browser) -> None:
    """Copy the link; whoever opens it sees the same."""
    room.page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    room.tab_to_name("Copy link", "Shift+Tab")
    room.page.press("Enter")
    with Page(browser) as other:
        other.open(room.page.wait_until("window.copied"))
        assert ControlRoom(other, room.livestorm).wait_for_rows(2) == room.rows()


def register(room: ControlRoom) -> None:
    """Unfold the form, fill it in, and send it."""
    room.go_to("Setup")
    room.page.wait_until("document.getElementById('applications')")
    room.tab_to_name("Register an application")
    room.page.press("Enter")
    room.tab_to("it.id === 'application-name'")
    room.page.type("By keyboard")
    room.tab_to("it.id === 'application-redirect_uris'")
    room.page.type("https://a.test/ https://b.test/")
    room.page.press("Enter")
    room.wait_for(".card", "By keyboard")

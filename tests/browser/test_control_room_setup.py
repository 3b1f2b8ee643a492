"""What the control room does: its forms, and each sort of button; limits as they were told."""

import ast
import inspect
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.scenario import ApplicationEntry

from .room import ControlRoom

DONE: dict[tuple[str, str], Callable[[LivestormSandbox], bool]] = {
    ("tokens", "Expire pair 1"): lambda it: state(it) == ("expired", "good"),
    ("tokens", "Revoke pair 1"): lambda it: state(it) == ("revoked", "revoked"),
    ("tokens", "Just before expiry of pair 1"): lambda it: it.clock.now() > BEGAN + 7000,
    ("faults", "Disarm fault-1"): lambda it: it.faults.armed() == [],
    ("setup", "+1 day: advance the clock"): lambda it: it.clock.now() > BEGAN + 86_000,
    ("setup", "Freeze time"): lambda it: it.clock.frozen,
}
"""Buttons, the view that they are in, and what is so once they were pressed."""
BEGAN = 1_795_521_600


def state(livestorm: LivestormSandbox) -> tuple[str, str]:
    """Give what has become of both tokens of the first pair."""
    pair = livestorm.token_families().families[0].pairs[0]
    return pair.access_state, pair.refresh_state


@pytest.mark.parametrize(("view", "button"), DONE)
def test_button_does_what_it_says(room: ControlRoom, view: str, button: str) -> None:
    """And says that it is done."""
    room.livestorm.clock.set(BEGAN)
    room.livestorm.issue_tokens()
    room.livestorm.faults.arm("api", "close")
    room.open(f"?view={view}")
    assert not DONE[view, button](room.livestorm)
    room.press_button(button)
    room.wait_for(".explained output", f"{button}: done.")
    assert DONE[view, button](room.livestorm)


def sandboxes(livestorm: LivestormSandbox) -> list[str | None]:
    """Give the ids of all of the server."""
    told = httpx.get(f"{livestorm.control_url}/sandboxes").json()["sandboxes"]
    return [one.get("id") for one in told]


def test_sandbox_is_opened_and_closed(room: ControlRoom) -> None:
    """It is listed, and its button ends it."""
    before = sandboxes(room.livestorm)
    room.open("?view=setup")
    room.press_button("Open a sandbox")
    room.wait_for(".explained output", "Open a sandbox: done.")
    (opened,) = set(sandboxes(room.livestorm)) - set(before)
    room.press_button(f"Close sandbox {opened}")
    room.wait_for(".explained output", f"Close sandbox {opened}: done.")
    assert sandboxes(room.livestorm) == before


@pytest.mark.parametrize("view", ["tokens", "faults", "setup"])
def test_line_of_python_names_what_there_is(room: ControlRoom, view: str) -> None:
    """For each button: a method of the sandbox, with arguments that it takes."""
    room.livestorm.issue_tokens()
    room.livestorm.faults.arm("token", "barrier", parties=2)
    room.open(f"?view={view}")
    room.page.wait_until("document.querySelectorAll('main button[aria-label]').length > 2")
    buttons = room.page.run(room.page.tab.locator("button[aria-label]").all())
    for button in buttons:
        room.page.run(button.focus())
        room.page.evaluate(DRAWN)
        check_python(room.livestorm, room.wait_for(".explained .line code", "("))
    assert len(buttons) > 4


DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def check_python(livestorm: LivestormSandbox, line: str) -> None:
    """Check that a call could be made, without making it."""
    call = ast.parse(line, mode="eval").body
    assert isinstance(call, ast.Call)
    names = {"livestorm": livestorm, "sandbox": livestorm}
    function = eval(ast.unparse(call.func), names)  # noqa: S307
    inspect.signature(function).bind(*call.args, **{str(one.arg): one for one in call.keywords})


def open_form(room: ControlRoom, summary: str) -> None:
    """Unfold a form of the setup."""
    room.open("?view=setup")
    room.page.click(room.page.tab.get_by_text(summary, exact=True))


def run_python(livestorm: LivestormSandbox, line: str) -> Any:
    """Give the value of a line that the room shows."""
    return eval(line, {"livestorm": livestorm, "ApplicationEntry": ApplicationEntry})  # noqa: S307


def python_line(room: ControlRoom, button: str) -> str:
    """Give what the room shows for a button that has the focus."""
    room.page.run(room.page.tab.get_by_role("button", name=button, exact=True).focus())
    return room.wait_for(".explained .line code", "livestorm.")


def test_application_is_registered(room: ControlRoom) -> None:
    """It gets tokens with the credentials that were drawn; the line of Python makes its like."""
    open_form(room, "Register an application")
    room.page.fill("#application-name", "Partner")
    room.page.fill("#application-redirect_uris", "https://a.test/one  https://a.test/two")
    room.page.fill("#application-scopes", "identity:read")
    room.press_button("Register this application")
    room.wait_for(".card", "Partner")
    told = httpx.get(f"{room.livestorm.control_url}/overview").json()["applications"][-1]
    assert told["redirect_uris"] == ["https://a.test/one", "https://a.test/two"]
    assert (told["confidential"], told["scopes"]) == (True, ["identity:read"])
    assert room.livestorm.issue_tokens(client_id=told["client_id"])
    made = run_python(room.livestorm, python_line(room, "Register this application"))
    assert (made.name, list(made.redirect_uris)) == ("Partner", told["redirect_uris"])


def test_application_that_can_not_be_is_refused(room: ControlRoom) -> None:
    """With what is wrong, and where; what was typed is still there."""
    open_form(room, "Register an application")
    room.page.fill("#application-name", "Partner")
    room.page.fill("#application-redirect_uris", "nowhere")
    room.press_button("Register this application")
    assert "redirect_uris[0]" in room.wait_for(".explained output.refused", "nowhere")
    field = "document.getElementById('application-redirect_uris')"
    assert room.page.evaluate(f"{field}.value") == "nowhere"


@pytest.mark.parametrize(("decision", "brings"), [("approve", "code"), ("deny", "error")])
def test_user_decides_without_a_browser(room: ControlRoom, decision: str, brings: str) -> None:
    """Who, what, and for how much: less than the client asks for is granted."""
    open_form(room, "Authorize or deny as a user")
    room.page.choose("#decision-decision", decision)
    room.page.fill("#decision-scope", "identity:read")
    room.press_button("Decide as this user")
    told = room.wait_for(".explained output", "Decide as this user: done. ")
    location = httpx.URL(json.loads(told.split("done. ")[1])["location"])
    again = httpx.URL(run_python(room.livestorm, python_line(room, "Decide as this user")))
    assert (brings in location.params, brings in again.params) == (True, True)


@pytest.mark.livestorm(interval_limit=2, monthly_limit=1000)
def test_limits_are_shown_as_the_client_was_told(room: ControlRoom) -> None:
    """As gauges, and in the words of the answer: also when to try again."""
    room.livestorm.clock.freeze()
    headers = {"Authorization": f"Bearer {room.livestorm.issue_tokens()['access_token']}"}
    for _ in range(3):
        httpx.get(f"{room.livestorm.api_url}/me", headers=headers)
    room.open("?view=setup")
    text = room.wait_for("section[aria-labelledby=limits]", "Retry-After")
    assert "0 of 2" in text
    assert "RateLimit-Monthly-Limit\t1000" in text
    gauge = "document.querySelector('meter[aria-label=\"in this second\"]')"
    assert room.page.evaluate(f"[{gauge}.value, {gauge}.max]") == [0, 2]

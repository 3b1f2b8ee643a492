"""What the control room says and offers, in detail: lines that run, words that are right."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.scenario import ApplicationEntry

from .browser import Browser
from .page import Page
from .room import CONTROL_TOKEN, ControlRoom

pytestmark = pytest.mark.livestorm(rate_limits=False)

TURNED = "pay\u202egnp\u2066 app\u200f"
ESCAPED = r"pay\u202egnp\u2066 app\u200f"


def curl_line(room: ControlRoom, button: str) -> str:
    """Give the line that the room shows for a button that has the focus."""
    room.page.wait_until(f"document.querySelector('main [aria-label={json.dumps(button)}]')")
    room.page.evaluate(f"document.querySelector('main [aria-label={json.dumps(button)}]').focus()")
    return room.wait_for(".explained .line code", "curl ")


def run_in_shell(line: str, token: str = "") -> tuple[int, str]:
    """Run a line in bash; give the status of HTTP and what was answered."""
    environment = os.environ | {"LIVESTORM_MOCK_CONTROL_TOKEN": token}
    command = f"{line} --silent --noproxy '*' --write-out '\\n%{{http_code}}'"
    run = subprocess.run(
        ["bash", "-c", command], env=environment, capture_output=True, text=True, timeout=20
    )
    text, _, status = run.stdout.rpartition("\n")
    return int(status), text


BUTTONS: dict[str, Callable[[LivestormSandbox], bool]] = {
    "Freeze time": lambda it: it.clock.frozen,
    "Issue a pair": lambda it: it.token_families().families != (),
    "Start anew": lambda it: len(it.journal) == 0,
    "Reset all of the sandbox": lambda it: len(it.journal) == 0,
}
"""What each does, as it is seen in the sandbox."""


def check_lines(room: ControlRoom, token: str = "", fragment: str = "") -> None:
    """Run the line of each button, and see what it does."""
    for button, is_done in BUTTONS.items():
        room.call()
        room.page.open("about:blank")
        room.open("?view=setup", fragment=fragment)
        status, text = run_in_shell(curl_line(room, button), token)
        assert (button, status in {200, 201, 204}, text[:200]) == (button, True, text[:200])
        assert is_done(room.livestorm), button


def test_line_of_curl_runs_in_a_shell(room: ControlRoom) -> None:
    """As it stands, with its origin and its body, in the room of a sandbox."""
    assert "/s/" in room.livestorm.control_url
    check_lines(room)


def test_line_of_curl_runs_in_a_shell_with_a_token(page: Page, guarded: MockLivestorm) -> None:
    """The token is in the variable that is documented, which the shell expands."""
    room = ControlRoom(page, guarded)
    check_lines(room, token=CONTROL_TOKEN, fragment=f"#token={CONTROL_TOKEN}")


def test_start_anew_with_nothing_chosen_starts_the_same(room: ControlRoom) -> None:
    """The button, the line of `curl` and the line of Python do the same."""
    room.call()
    room.open("?view=setup")
    room.press_button("Start anew")
    room.wait_for(".explained output", "Start anew: done")
    assert len(room.livestorm.journal) == 0
    assert "livestorm.reset()" in room.wait_for(".explained", "Python")


def test_details_are_worded_as_they_are_meant(room: ControlRoom) -> None:
    """Names keep their letters, code is code, and nothing is said of what isn't known."""
    secret = {"client_id": room.livestorm.client_id, "client_secret": room.livestorm.client_secret}
    httpx.post(f"{room.livestorm.app_url}/oauth/token", data={"grant_type": "x"} | secret)
    headers = {"Authorization": "no-token"}
    httpx.get(f"{room.livestorm.api_url}/me", headers=headers)
    room.open("?seq=1")
    room.wait_for(".detail .why", "Why refused: grant_type 'x' is unknown")
    room.open("?seq=2")
    assert "`" not in room.wait_for(".detail .why", "Without Bearer")
    room.open("?seq=52")
    room.wait_for(".detail .empty", "The journal has no exchange 52.")


def test_webhook_leads_from_the_fake_to_the_client(room: ControlRoom) -> None:
    """In the list, in the details and by the arrow of the sequence, which points the other way."""
    room.call()
    room.livestorm.deliver_webhook("job.ended", "http://127.0.0.1:1/hook")
    room.open("?seq=2")
    assert "webhook to /hook job.ended no connection was made" in room.rows()[1]
    room.wait_for(".detail .facts", "job.ended to http://127.0.0.1:1/hook: delivery 1, attempt 1")
    room.open("?view=sequence")
    lines = "[...document.querySelectorAll('.sequence g.request > line')]"
    leads_back = f"{lines}.map((it) => it.x1.baseVal.value > it.x2.baseVal.value)"
    assert room.page.evaluate(leads_back) == [False, True]
    room.check_nothing_went_wrong()


def test_code_without_tokens_is_spaced(room: ControlRoom) -> None:
    """Between the badge and what follows it."""
    room.livestorm.authorize()
    room.open("?view=tokens")
    room.wait_for(".card", "good expires in")


def test_what_turns_the_reading_order_is_seen(room: ControlRoom) -> None:
    """In the names of applications, in parameters and in what an action says: as an escape."""
    uris = ("https://a.test/callback", "https://b.test/callback")
    entry = ApplicationEntry(name=TURNED, redirect_uris=uris, confidential=False)
    room.livestorm.register_application(entry)
    query = {"client_id": TURNED, "state": TURNED}
    httpx.get(f"{room.livestorm.app_url}/oauth/authorize", params=query)
    room.open("?view=setup")
    card = room.wait_for("#room .card", ESCAPED)
    assert "\n".join(uris) in card
    assert "New secret" not in card
    room.open("?seq=1")
    room.wait_for(".detail .values", ESCAPED)
    room.open()
    for view in ("Sequence", "Tokens", "Faults", "Setup", "Audit", "Journal"):
        room.press_button(view)
        room.page.wait_until(f"document.querySelector('[data-view={view.lower()}]')")
        assert "\u202e" not in room.page.evaluate("document.body.innerText")


def test_form_of_faults_says_what_is_there(room: ControlRoom) -> None:
    """Each help is of whole sentences, and sends nobody to what is on another page."""
    room.open("?view=faults")
    room.page.wait_until("document.getElementById('key-when')")
    room.page.evaluate("document.querySelector('.faults details').open = true")
    told = room.page.evaluate("document.getElementById('key-when-told').innerText")
    assert told == "Conditions on the request; all that are given must hold. As JSON: a table."


def test_search_that_goes_on_says_so(room: ControlRoom) -> None:
    """No exchange passes a text before the fake has looked for it."""
    room.call()
    room.open()
    room.wait_for_rows(1)
    room.page.evaluate(
        """(() => {
          const real = window.fetch;
          window.held = new Promise((done) => { window.letGo = done; });
          window.fetch = async (...given) => {
            if (String(given[0]).includes("text=")) await window.held;
            return real(...given);
          };
          document.getElementById("filter").focus();
        })()"""
    )
    room.page.type("text:nowhere")
    room.wait_for(".empty", "Searching")
    room.page.evaluate("letGo()")
    room.wait_for(".empty", "No exchange passes the filter.")


def test_names_that_all_objects_have_are_no_terms(room: ControlRoom) -> None:
    """What JavaScript gives each object is a text like others, in a link and while it is typed."""
    room.call()
    room.open("?filter=toString:x")
    room.wait_for(".empty", "No exchange passes the filter.")
    room.press_button("Clear filter")
    room.page.click("#filter")
    room.page.type("constructor:")
    room.wait_for(".empty", "No exchange passes the filter.")
    room.check_nothing_went_wrong()


@pytest.fixture
def phone(browser: Browser, livestorm: LivestormSandbox) -> Iterator[ControlRoom]:
    """The room of the test's sandbox on a phone."""
    with Page(browser, size=(360, 640)) as page:
        yield ControlRoom(page, livestorm)


def test_all_is_within_a_narrow_window(phone: ControlRoom) -> None:
    """Nothing of the armed faults or of the sequence is cut; the bar leaves the page its phone."""
    phone.livestorm.faults.arm("token.refresh_token", "close", phase="after", times=3)
    phone.livestorm.faults.arm("token.authorization_code", "barrier", parties=2)
    form = {"grant_type": "x" * 100, "client_id": phone.livestorm.client_id}
    httpx.post(f"{phone.livestorm.app_url}/oauth/token", data=form)
    httpx.get(f"{phone.livestorm.app_url}/oauth/authorize", params={"redirect_uri": "W" * 200})
    phone.open("?view=faults")
    phone.wait_for(".hits", "0")
    for name in ("Disarm fault-1", "Disarm fault-2"):
        phone.page.evaluate(f"document.querySelector('[aria-label={json.dumps(name)}]').focus()")
        phone.page.wait_until("document.querySelector('.explained .fold')")
    assert phone.page.evaluate(_beyond(".faults section", ".faults section *:not(option)")) == []
    height = phone.page.evaluate("document.querySelector('.explained').offsetHeight")
    assert height < 640 / 10
    phone.press_button("The same by curl and by Python")
    phone.page.wait_until("document.querySelector('.explained .line code').offsetHeight")
    assert phone.page.evaluate(_beyond(".explained", ".explained *")) == []
    phone.open("?seq=1")
    names = "[...document.querySelectorAll('.detail .values:has(caption) th bdi')]"
    phone.page.wait_until(f"{names}.length")
    lines = phone.page.evaluate(f"{names}.map((it) => it.getClientRects().length)")
    assert set(lines) == {1}
    phone.open("?view=sequence")
    phone.page.wait_until("document.querySelectorAll('.sequence g').length >= 4")
    assert phone.page.evaluate(_beyond(".sequence", ".sequence text")) == []


def _beyond(frame: str, parts: str) -> str:
    """Give what of these goes beyond the left or the right of a frame."""
    return f"""(() => {{
      const frame = document.querySelector({json.dumps(frame)}).getBoundingClientRect();
      return [...document.querySelectorAll({json.dumps(parts)})]
        .filter((it) => it.checkVisibility() && !it.closest(".hidden"))
        .map((it) => [it.outerHTML.slice(0, 80), it.getBoundingClientRect()])
        .filter(([, box]) => box.left < frame.left || box.right > frame.right + 0.5)
        .map(([text]) => text);
    }})()"""

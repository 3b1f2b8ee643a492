"""Texts of attackers in the control room: in what clients send, and in what is typed."""

import json
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from livestorm_mock_server import InvalidInputError, LivestormSandbox, MockLivestorm
from livestorm_mock_server.scenario import ApplicationEntry, Scenario
from livestorm_mock_server.scenario_files import read_scenario

from .page import Page
from .room import ControlRoom

pytestmark = pytest.mark.livestorm(rate_limits=False)

VIEWED = ("sequence", "tokens", "faults", "setup", "audit", "journal")

HOSTILE = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<svg/onload=window.pwned=1>",
    '"><script>window.pwned=1</script>',
    "'-window.pwned=1-'",
    "javascript:window.pwned=1",
    "</script><script>window.pwned=1</script>",
    "</style><script>window.pwned=1</script>",
    "<!--<script>window.pwned=1",
    "${window.pwned=1}",
    "{{constructor.constructor('window.pwned=1')()}}",
    "<iframe srcdoc='<script>parent.pwned=1</script>'>",
    "<a href=javascript:window.pwned=1>x</a>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.pwned=1>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example/>",
    "<form action=//evil.example><button>",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "__proto__",
    'data: x\n\nevent: exchange\ndata: {"seq": 99}\n\n',
)


def test_hostile_texts_stay_texts(
    room: ControlRoom, page: Page, tmp_path: Path, livestorm: LivestormSandbox
) -> None:
    """In names, states, parameters, headers and bodies: no script runs, nothing is refused."""
    livestorm.put_scenario(_hostile_scenario())
    for text in HOSTILE:
        _send(livestorm, text)
    for view in VIEWED:
        room.open(f"?view={view}&filter={quote(HOSTILE[VIEWED.index(view)])}")
        room.open(f"?view={view}")
        room.check_nothing_went_wrong()
    for seq in range(1, len(livestorm.journal) + 1):
        page.evaluate(f"document.getElementById('row-{seq}')?.click()")
        page.evaluate(
            f"history.replaceState(null, '', '?seq={seq}'), dispatchEvent(new Event('popstate'))"
        )
        page.wait_until(f"document.querySelector('.detail h2 .seq')?.innerText === '{seq}'")
    room.check_nothing_went_wrong()
    (tmp_path / "room.html").write_text(livestorm.export_html(), encoding="utf-8")
    page.open((tmp_path / "room.html").as_uri())
    page.wait_until("document.querySelector('.row')")
    room.check_nothing_went_wrong()
    markup = "(() => { try { document.body.innerHTML = '<b>'; } catch (it) { return it.name; } })()"
    assert page.evaluate(markup) == "TypeError"


def _hostile_scenario() -> Scenario:
    """Make a scenario whose title, workspace and users are called so."""
    whole = json.dumps("".join(HOSTILE))
    lines = [f"title = {whole}", f"client_should = {whole}", "[provider]", "rate_limits = false"]
    for number, text in enumerate(HOSTILE):
        names = f"first_name = {json.dumps(text)}\nlast_name = {json.dumps(text)}"
        lines += ["[[users]]", f'email = "user{number}@example.test"', names]
    return read_scenario("\n".join(lines), "hostile.toml", None)


def _send(livestorm: LivestormSandbox, text: str) -> None:
    line = " ".join(text.split())
    livestorm.register_application(ApplicationEntry(name=text, redirect_uris=("https://a.test/",)))
    query = {"client_id": text, "state": text, "redirect_uri": text, "response_type": text}
    httpx.get(f"{livestorm.app_url}/oauth/authorize", params=query)
    names = ("client_id", "state", "code", "redirect_uri", "refresh_token", "scope")
    form = {"grant_type": "authorization_code"} | dict.fromkeys(names, text)
    httpx.post(f"{livestorm.app_url}/oauth/token", data=form, headers={"User-Agent": line})
    armed = livestorm.faults.arm("api", "answer", body=text, headers={"X-Hostile": line})
    httpx.get(f"{livestorm.api_url}/me", params={text: text}, headers={"Authorization": line})
    livestorm.faults.disarm(armed.id)
    livestorm.faults.arm("api", "answer", body=text, when={"parameter": {"x": text}})
    renamed = livestorm.faults.arm("token", "token_fields", set={"access_token": text})
    code = httpx.URL(livestorm.authorize(state=text)).params["code"]
    with suppress(InvalidInputError):  # There may be no such URL.
        livestorm.deliver_webhook("job.ended", f"http://127.0.0.1:1/{text}", data={text: text})
    form = {"grant_type": "authorization_code", "code": code}
    _redeem(livestorm, form | {"redirect_uri": livestorm.redirect_uri})
    livestorm.faults.disarm(renamed.id)


def _redeem(livestorm: LivestormSandbox, form: dict[str, str]) -> None:
    secret = {"client_id": livestorm.client_id, "client_secret": livestorm.client_secret}
    httpx.post(f"{livestorm.app_url}/oauth/token", data=secret | form).raise_for_status()


def test_hostile_text_is_typed(room: ControlRoom) -> None:
    """In each field of the room that takes a text; two forms are sent, and show what they sent."""
    whole = "".join(HOSTILE)
    for view, sending, good in TYPED:
        room.open(f"?view={view}")
        room.page.wait_until("document.querySelectorAll('main form').length")
        room.page.evaluate("for (const it of document.querySelectorAll('details')) it.open = true")
        fill_all(room.page, whole)
        for field, text in good.items():
            room.page.fill(field, text)
        room.press_button(sending)
        room.wait_for(".explained output", f"{sending}: done")
        room.wait_for(".explained .line code", "window.pwned=1")
    room.open()
    room.page.fill("#filter", whole)
    room.wait_for(".count", "0 of")
    room.check_nothing_went_wrong()
    assert room.livestorm.faults.armed()[0].fault.kind == "oauth_error"


_GOOD = {"#application-redirect_uris": "https://a.test/", "#application-scopes": ""}
TYPED = (
    ("faults", "Arm this fault", {"#key-when": ""}),
    ("setup", "Register this application", _GOOD),
)
"""The views with forms, what sends each, and what these fields have to hold instead."""


def fill_all(page: Page, text: str) -> None:
    """Type a text into each field of the page that takes one."""
    for field in page.run(page.tab.locator("main input[type=text]").all()):
        page.run(field.fill(text))


def test_hostile_token_is_asked_for_again(guarded: MockLivestorm, page: Page) -> None:
    """What is typed in the place of the token goes nowhere, as no header can hold it."""
    page.open(f"{guarded.control_url}/")
    page.wait_until("document.getElementById('token')")
    page.fill("#token", "".join(HOSTILE))
    page.press("Enter")
    page.wait_until_loaded()
    page.wait_until("document.getElementById('token')")
    assert page.evaluate("window.pwned ?? 'nothing'") == "nothing"

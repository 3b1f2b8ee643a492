"""The control room in a real browser: what it shows, what it does, and what it lets nobody do."""

import json
import shlex
from pathlib import Path

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.scenario_files import read_scenario

from .axe import violations
from .browser import Browser
from .page import Page, Scheme
from .room import CONTROL_TOKEN, ControlRoom

pytestmark = pytest.mark.livestorm(rate_limits=False)

VIEWS = ("journal&seq=2", "sequence", "tokens", "faults", "setup", "audit")


def test_what_is_done_with_the_mouse_is_seen(room: ControlRoom, browser: Browser) -> None:
    """An armed fault strikes the next exchange; a token expires in the tree when the clock is
    advanced; a filtered journal is the same for whoever has its address.
    """
    room.open("?view=faults")
    room.page.wait_until("document.getElementById('kind')")
    room.page.choose("#kind", "close")
    room.page.choose("#on", "api.me")
    room.press_button("Arm this fault")
    room.wait_for(".explained output", "Arm this fault: done")
    assert "livestorm.faults.arm(" in room.wait_for(".explained", "curl -X POST")
    assert room.call() is None
    assert room.wait_for(".hits", "1") == "1"
    room.press_button("Journal")
    assert "close before the effect" in room.wait_for_rows(1)[0]

    pair = room.livestorm.issue_tokens()
    room.press_button("Tokens")
    room.wait_for(".card", "expires in")
    room.press_button("Just after expiry of pair 1")
    assert "access: expired" in room.wait_for(".card.expired", "Pair 1")
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    room.livestorm.faults.disarm()
    assert httpx.get(f"{room.livestorm.api_url}/me", headers=headers).status_code == 401
    room.wait_for(".card.has-stale", "stale use by")

    room.press_button("Setup")
    room.page.wait_until("document.getElementById('provider')")
    room.page.choose("#release", "6.0")
    room.page.evaluate("document.getElementById('provider').focus()")
    room.page.type('{"consent": "deny"}')
    room.press_button("Start anew")
    room.wait_for("[data-view=setup]", "Doorkeeper 6.0")
    options = room.livestorm.scenario.provider
    assert (options.release, options.consent) == ("6.0", "deny")
    room.livestorm.put_scenario("happy_path", rate_limits=False)
    pair = room.livestorm.issue_tokens(expires_in=0)
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    room.livestorm.clock.advance(1)
    httpx.get(f"{room.livestorm.api_url}/me", headers=headers)

    room.page.evaluate("document.querySelector('nav a').click()")
    room.page.wait_until("document.getElementById('filter')")
    room.page.evaluate("document.getElementById('filter').focus()")
    room.page.type("rule:access_token_expired")
    (shown,) = room.wait_for_rows(1)
    with Page(browser) as other:
        other.open(str(room.page.evaluate("location.href")))
        assert ControlRoom(other, room.livestorm).wait_for_rows(1) == [shown]
    room.check_nothing_went_wrong()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing(
    browser: Browser, livestorm: LivestormSandbox, width: int, scheme: Scheme
) -> None:
    """In each of the six views, with a chain of tokens, a fault, a refusal and an open exchange."""
    _play(livestorm)
    with Page(browser, size=(width, 720), scheme=scheme) as page:
        room = ControlRoom(page, livestorm)
        for view in VIEWS:
            room.open(f"?view={view}")
            assert (view, violations(page)) == (view, [])


def _play(livestorm: LivestormSandbox) -> None:
    """Have a client do what gives each view something to show."""
    pair = livestorm.issue_tokens()
    form = {
        "grant_type": "refresh_token",
        "refresh_token": pair["refresh_token"],
        "client_id": livestorm.client_id,
        "client_secret": livestorm.client_secret,
    }
    livestorm.faults.arm("token", "close", phase="after", times=1)
    with pytest.raises(httpx.TransportError):
        httpx.post(f"{livestorm.app_url}/oauth/token", data=form)
    httpx.post(f"{livestorm.app_url}/oauth/token", data={**form, "refresh_token": "unknown"})
    livestorm.clock.advance(60)
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    httpx.get(f"{livestorm.api_url}/me?access_token=x", headers=headers)
    httpx.get(f"{livestorm.app_url}/oauth/authorize", params={"client_id": livestorm.client_id})


BREAKABLE = """
window.asked = [];
const held = new Promise((done) => { window.letGo = done; });
const real = window.fetch;
window.fetch = async (url, options) => {
  if (!String(url).includes("stream")) return real(url, options);
  const cut = new AbortController();
  asked.push([options.headers["Last-Event-ID"], () => cut.abort()]);
  if (asked.length > 1) await held;
  return real(url, { ...options, signal: AbortSignal.any([options.signal, cut.signal]) });
};
"""
"""Has `asked` tell what each stream begins behind, and cut it; the second waits for `letGo`."""


def test_connection_that_is_cut_is_taken_up_again(room: ControlRoom) -> None:
    """The room says that it is not live, goes on behind the last that it has, and shows it once."""
    room.page.run_before_others(BREAKABLE)
    room.call()
    room.open()
    room.wait_for_rows(1)
    room.page.evaluate("asked[0][1]()")
    room.wait_for(".state.lost", "connection lost")
    room.call()
    room.page.evaluate("letGo()")
    assert [row.split()[0] for row in room.wait_for_rows(2)] == ["1", "2"]
    room.wait_for(".state.live")
    assert room.page.evaluate("asked.map(([last]) => last)") == ["0", "1"]


def test_new_exchange_is_announced_once(room: ControlRoom) -> None:
    """What was there before is not news, what comes is told once, and many at a time as one."""
    room.call()
    room.open()
    room.wait_for_rows(1)
    said = room.page.evaluate(
        """(() => {
          const said = [], it = new Announcer((text) => said.push(text));
          const one = (seq) => ({seq, method: "GET", target: "/v1/me", status: 200, fault: null});
          it.add([one(1)]); it.flush();
          it.isListening = true;
          it.add([one(2)]); it.flush(); it.flush();
          it.add([one(3), one(4)]); it.add([one(5)]); it.flush(); it.flush();
          return said;
        })()"""
    )
    assert said == ["2, GET /v1/me, 200", "3 new exchanges, the last: 5, GET /v1/me, 200"]
    room.call()
    heard = "document.querySelector('[role=log]').innerText"
    assert room.page.wait_until(f"{heard}.startsWith('2, GET /v1/me') && {heard}")


def test_token_comes_from_the_fragment(page: Page, guarded: MockLivestorm) -> None:
    """Without one the room asks for it; it is sent as a header, and stands in no request's URL."""
    httpx.get(f"{guarded.api_url}/me")
    page.open(f"{guarded.control_url}/")
    page.wait_until("document.getElementById('token')")
    page.evaluate("document.getElementById('token').focus()")
    page.type(CONTROL_TOKEN)
    page.press("Enter")
    page.wait_until_loaded()
    page.wait_until("document.querySelector('.row')")
    urls = page.evaluate("performance.getEntriesByType('resource').map((it) => it.name)")
    assert [one for one in urls if CONTROL_TOKEN in one] == []
    page.open("about:blank")
    room = ControlRoom(page, guarded)
    room.open(fragment=f"#token={CONTROL_TOKEN}")
    assert "401" in room.wait_for_rows(1)[0]


def test_file_shows_the_same_without_a_server(
    page: Page, room: ControlRoom, livestorm: LivestormSandbox, tmp_path: Path
) -> None:
    """What the room shows of a sandbox is in the exported page, also when the fake is gone."""
    _play(livestorm)
    room.open()
    live = room.wait_for_rows(len(livestorm.journal))
    (tmp_path / "room.html").write_text(livestorm.export_html(), encoding="utf-8")
    page.open((tmp_path / "room.html").as_uri())
    assert room.wait_for_rows(len(live)) == live
    page.evaluate("document.querySelector('.row:nth-child(2)').click()")
    assert "Why refused" in room.wait_for(".detail .why", "unknown")
    for view in ("Sequence", "Tokens", "Faults", "Setup", "Audit"):
        room.press_button(view)
        page.wait_until(f"document.querySelector('[data-view={view.lower()}] > :not(.loading)')")
    assert page.evaluate("document.querySelectorAll('main .actions button').length") == 0
    room.check_nothing_went_wrong()


def test_exchange_is_copied(room: ControlRoom) -> None:
    """As the `curl` that sends it again, as HAR, as Mermaid, and as a scenario that can be read."""
    url = f"{room.livestorm.api_url}/ping?it='s"
    httpx.request("GET", url, content=b"it's", headers={"X-Quoted": "it's"})
    room.open("?seq=1")
    room.page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")

    def copied(form: str) -> str:
        room.page.evaluate("window.copied = ''")
        room.press_button(f"Copy as {form}")
        return str(room.page.wait_until("window.copied"))

    curl = shlex.split(copied("curl"))
    assert curl[:5] == ["curl", "-i", "-X", "GET", url]
    assert curl[-2:] == ["--data-raw", "it's"]
    assert "x-quoted: it's" in curl
    assert json.loads(copied("HAR"))["log"]["entries"][0]["_seq"] == 1
    assert copied("Mermaid").startswith("sequenceDiagram")
    (fault,) = read_scenario(copied("scenario"), "copied.toml", None).read_faults
    assert fault.kind == "answer"


def test_text_is_looked_for_in_headers_and_bodies(room: ControlRoom) -> None:
    """By the fake, which has them; each text must be there."""
    url = f"{room.livestorm.api_url}/ping"
    for body, header in (("pong-one", "here"), ("pong-one", "there"), ("pong-two", "here")):
        armed = room.livestorm.faults.arm("api", "answer", body=body)
        httpx.get(url, headers={"X-Spotted": header})
        room.livestorm.faults.disarm(armed.id)
    room.open("?filter=PONG-ONE")
    assert len(room.wait_for_rows(2)) == 2
    room.open('?filter=text:"x-spotted: here" pong-one')
    (only,) = room.wait_for_rows(1)
    assert only.startswith("1 ")

"""The filter of the control room: each of its terms, typed as a person types it."""

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.scenario import ApplicationEntry

from .room import ControlRoom

pytestmark = pytest.mark.livestorm(rate_limits=False)

LAST = 7
"""The exchange that is played last."""
EXCHANGES = set(range(1, LAST + 1))

SHOWS: dict[str, set[int]] = {
    "": EXCHANGES,
    "endpoint:token": {3, 4},
    "endpoint:token.refresh_token": {3, 4},
    "endpoint:tok": set(),
    "endpoint:api": {1, 2, 5, 7},
    "endpoint:api.ping": {7},
    "endpoint:none": {6},
    "status:401": {1},
    "status:4xx": {1, 3, 6},
    "status:2xx": {2, 7},
    "status:none": {4, 5},
    "client:part": {2, 7},
    "client:PARTNER-1": {2, 7},
    "client:artner": set(),
    "fault:*": {3, 4, 5},
    "fault:none": {1, 2, 6, 7},
    "fault:close": {4, 5},
    "fault:before": {3, 5},
    "fault:after": {4},
    "fault:fault-1": {3},
    "method:post": {3, 4, 6},
    "method:GET": {1, 2, 5, 7},
    "method:pos": set(),
    "rule:*": {1, 5, 6},
    "rule:access_token_unknown": {1, 5},
    "rule:code_used": set(),
    "token:1": {2, 7},
    "token:2": {4},
    "token:3": {4},
    "token:4": set(),
    "seq:2": {2},
    "seq:12": set(),
    'text:"two words"': {7},
    "text:two text:words": {6, 7},
    '"two words"': {7},
    "two": {6, 7},
    "-seq:2": EXCHANGES - {2},
    "-fault:*": {1, 2, 6, 7},
    '-text:"two words"': EXCHANGES - {7},
    "fault:close status:none endpoint:token": {4},
    "method:get -status:none -endpoint:api.ping": {1, 2},
    "endpoint:": EXCHANGES,
}
"""What is typed, and the numbers of the exchanges that are shown then."""


def play(livestorm: LivestormSandbox) -> None:
    """Have clients do what each term tells apart."""
    httpx.get(f"{livestorm.api_url}/me")
    entry = ApplicationEntry(
        name="Partner", client_id="partner-1", redirect_uris=("https://a.test/",)
    )
    livestorm.register_application(entry)
    token = livestorm.issue_tokens(client_id="partner-1")["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    httpx.get(f"{livestorm.api_url}/me", headers=headers)
    form = {
        "grant_type": "refresh_token",
        "refresh_token": livestorm.issue_tokens()["refresh_token"],
        "client_id": livestorm.client_id,
        "client_secret": livestorm.client_secret,
    }
    livestorm.faults.arm("token", "oauth_error", error="invalid_grant", times=1)
    httpx.post(f"{livestorm.app_url}/oauth/token", data=form)
    livestorm.faults.arm("token", "close", phase="after", times=1)
    with pytest.raises(httpx.TransportError):
        httpx.post(f"{livestorm.app_url}/oauth/token", data=form)
    livestorm.faults.arm("api", "close", times=1)
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{livestorm.api_url}/me")
    httpx.post(f"{livestorm.app_url}/nowhere", content=b"words: two")
    httpx.get(f"{livestorm.api_url}/ping", headers=headers | {"X-Spotted": "two words"})


def test_each_term_shows_what_it_is_for(room: ControlRoom) -> None:
    """And no other exchange; all terms must hold, and a `-` turns one round."""
    play(room.livestorm)
    room.open()
    for typed, expected in SHOWS.items():
        others = ("seq:0", set[int]()) if expected == EXCHANGES else ("", EXCHANGES)
        for text, numbers in (others, (typed, expected)):
            room.page.fill("#filter", text)
            wait_for_exchanges(room, text, numbers)
    room.check_nothing_went_wrong()


@pytest.mark.parametrize("typed", ["status:2xx", "-fault:*"])
def test_filter_holds_for_what_comes(room: ControlRoom, typed: str) -> None:
    """What is exchanged while a filter stands is shown only where it passes it."""
    room.open()
    room.page.fill("#filter", typed)
    play(room.livestorm)
    room.wait_for(".count", f"{len(SHOWS[typed])} of {LAST} exchanges")
    wait_for_exchanges(room, typed, SHOWS[typed])


def test_text_is_looked_for_in_what_comes(room: ControlRoom) -> None:
    """The fake is asked again, also once the search for what there was is over."""
    play(room.livestorm)
    room.open()
    room.page.fill("#filter", "text:two")
    wait_for_exchanges(room, "text:two", {6, 7})
    for words in ("one", "two"):
        httpx.post(f"{room.livestorm.app_url}/nowhere", content=words)
    wait_for_exchanges(room, "text:two", {6, 7, LAST + 2})


def wait_for_exchanges(room: ControlRoom, typed: str, numbers: set[int]) -> None:
    """Wait until these are shown, and no others."""
    seqs = "[...document.querySelectorAll('.row .seq')].map((it) => Number(it.innerText))"
    try:
        room.page.wait_until(f"`${{{seqs}}}` === '{','.join(map(str, sorted(numbers)))}'")
    except TimeoutError:
        raise AssertionError(f"{typed!r} shows {room.rows()}, not {numbers}") from None

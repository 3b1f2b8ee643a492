"""The tree of tokens in the control room: virtual time, the moment of expiry, stale uses."""

import httpx
import pytest

from .room import ControlRoom

pytestmark = pytest.mark.livestorm(rate_limits=False)

LEFT = "document.querySelector('.card .left').innerText"
LIFETIME = 7200
"""Seconds that an access token lives."""


def me(room: ControlRoom, token: object) -> int:
    """Call the API with an access token; give the status."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{room.livestorm.api_url}/me", headers=headers).status_code


def send(room: ControlRoom, grant_type: str, **members: object) -> httpx.Response:
    """Send a token request."""
    livestorm = room.livestorm
    form = {"client_id": livestorm.client_id, "client_secret": livestorm.client_secret}
    data = form | {"grant_type": grant_type} | members
    return httpx.post(f"{livestorm.app_url}/oauth/token", data=data)


def test_countdown_goes_by_the_virtual_clock(room: ControlRoom) -> None:
    """It stands as long as the clock stands, and leaps with it, whoever moves it."""
    room.page.run(room.page.tab.clock.install())
    room.livestorm.clock.freeze()
    room.livestorm.issue_tokens(expires_in=LIFETIME)
    room.open("?view=tokens")
    room.wait_for(".card .left", "expires in 2 h")
    room.page.run(room.page.tab.clock.run_for(10_000))
    assert room.page.evaluate(LEFT) == "expires in 2 h"
    room.livestorm.clock.advance(1800)
    room.page.run(room.page.tab.clock.run_for(4000))
    room.wait_for(".card .left", "expires in 1 h 30 min")
    room.livestorm.clock.advance(LIFETIME)
    room.page.run(room.page.tab.clock.run_for(4000))
    room.wait_for(".card .left", "expired 30 min ago")
    room.wait_for(".card.expired .badge", "access: expired")
    room.livestorm.clock.resume()
    room.page.run(room.page.tab.clock.run_for(4000))
    room.page.wait_until("!document.querySelector('.now').innerText.includes('frozen')")


@pytest.mark.parametrize(("side", "status"), [("before", 200), ("after", 401)])
def test_clock_is_put_beside_the_expiry_of_a_pair(
    room: ControlRoom, side: str, status: int
) -> None:
    """One second before it the access token is still good, one after it no more."""
    room.livestorm.clock.freeze()
    began = room.livestorm.clock.now()
    token = room.livestorm.issue_tokens(expires_in=LIFETIME)["access_token"]
    room.open("?view=tokens")
    room.press_button(f"Just {side} expiry of pair 1")
    room.wait_for(".explained output", "done.")
    assert me(room, token) == status
    assert abs(room.livestorm.clock.now() - began - LIFETIME) <= 2


@pytest.mark.parametrize(("side", "status"), [("before", 200), ("after", 400)])
def test_clock_is_put_beside_the_expiry_of_a_code(
    room: ControlRoom, side: str, status: int
) -> None:
    """One second before it the code gives tokens, one after it none."""
    room.livestorm.clock.freeze()
    code = httpx.URL(room.livestorm.authorize()).params["code"]
    room.open("?view=tokens")
    room.press_button(f"Just {side} expiry of this code")
    room.wait_for(".explained output", "done.")
    redirect_uri = room.livestorm.redirect_uri
    answer = send(room, "authorization_code", code=code, redirect_uri=redirect_uri)
    assert answer.status_code == status


def test_stale_use_is_marked_at_its_generation(room: ControlRoom) -> None:
    """By the exchange that sent what was over; the successor, which was good, is not marked."""
    first = room.livestorm.issue_tokens()
    statuses = [me(room, first["access_token"])]
    second = send(room, "refresh_token", refresh_token=first["refresh_token"]).json()
    statuses += [me(room, one["access_token"]) for one in (second, first)]
    assert statuses == [200, 200, 401]
    room.open("?view=tokens")
    stale = room.wait_for(".card.has-stale", "stale use by 4")
    assert "generation 0" in stale
    assert "sent by 1 2" in stale
    good = room.wait_for(".card:not(.has-stale)", "generation 1")
    assert ("stale" in good, "sent by 3" in good) == (False, True)
    assert room.page.evaluate("document.querySelectorAll('.card').length") == 2

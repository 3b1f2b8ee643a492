"""What is done at one server is so at the other, from its next request on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from ..conftest import Start
from .conftest import Machine, Shared


def test_sandbox_of_one_is_the_other_s(shared: Shared) -> None:
    """A sandbox that was opened at one is served by both, with the same credentials."""
    pair = shared.pair()
    refresh = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    assert shared.other.token(**refresh, **shared.credentials).status_code == 200
    listed = shared.other.control("GET", "sandboxes")["sandboxes"]
    assert shared.id in [one.get("id") for one in listed]


def test_sandbox_that_was_closed_at_one_is_gone(shared: Shared) -> None:
    """Who asks the other for it gets what a sandbox gets that never was."""
    assert shared.one.ping().status_code == 401
    shared.other.control("DELETE", f"sandboxes/{shared.id}")
    assert [shared.one.ping().status_code, shared.other.ping().status_code] == [404, 404]
    answer = shared.one.http.get(f"{shared.one.url}/_mock/clock")
    assert answer.status_code == 404


def test_clock_is_one(shared: Shared) -> None:
    """A token that expires by the clock of one is expired at the other."""
    pair = shared.pair()
    bearer = {"Authorization": f"Bearer {pair['access_token']}"}
    assert shared.other.ping(**bearer).status_code == 200
    shared.one.control("POST", "clock", advance=7_300)
    assert shared.other.ping(**bearer).status_code == 401


def test_frozen_clock_stands_still_everywhere(shared: Shared) -> None:
    """Both give the same time to the last digit."""
    now = shared.one.control("POST", "clock", freeze=True)["now"]
    assert shared.other.control("GET", "clock") == {"now": now, "frozen": True}
    assert shared.other.control("POST", "clock", advance=10)["now"] == now + 10
    assert shared.one.control("GET", "clock")["now"] == now + 10


def test_clock_that_all_move_has_gone_all_the_way(shared: Shared) -> None:
    """Of changes that come at the same time, none is lost."""
    shared.one.control("POST", "clock", freeze=True, set=1_000)
    moves = [shared.one, shared.other] * 10

    def advance(machine: Machine) -> None:
        machine.control("POST", "clock", advance=1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(advance, moves))
    assert shared.one.control("GET", "clock")["now"] == 1_020


def test_application_that_one_registered_is_known(shared: Shared) -> None:
    """It has a number of its own, whoever registers others, and its new secret everywhere."""
    with ThreadPoolExecutor(8) as pool:
        made = list(
            pool.map(
                lambda machine: machine.control(
                    "POST", "applications", name="Another", redirect_uris=["https://a.test/cb"]
                ),
                [shared.one, shared.other] * 4,
            )
        )
    assert len({one["client_id"] for one in made}) == 8
    mine = {name: made[0][name] for name in ("client_id", "client_secret")}
    pair = shared.other.control("POST", "tokens", client_id=mine["client_id"])
    asked = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    changed = shared.other.control("POST", f"applications/{mine['client_id']}/rotate-secret")
    assert shared.one.token(**asked, **mine).json()["error"] == "invalid_client"
    new = mine | {"client_secret": changed["client_secret"]}
    assert shared.one.token(**asked, **new).status_code == 200


def test_reset_begins_anew_everywhere(shared: Shared) -> None:
    """Tokens, moved time and the journal are gone at the other, too; credentials stay."""
    pair = shared.pair()
    shared.other.ping()
    shared.one.control("POST", "clock", set=1_000)
    shared.other.control("POST", "reset")
    assert shared.one.control("GET", "clock")["now"] > 1_000_000
    assert shared.one.numbers() == []
    refresh = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    answer = shared.one.token(**refresh, **shared.credentials)
    assert answer.json()["error"] == "invalid_grant"
    assert shared.other.numbers() == [1]


def test_scenario_that_was_put_in_at_one_is_played_by_both(shared: Shared) -> None:
    """Its options, its users and its faults are the other's."""
    described = shared.one.control("PUT", "scenario", scenario="api_flaky")
    shown = shared.other.control("GET", "scenario")
    assert shown["title"] == shared.one.control("GET", "scenario")["title"]
    assert shared.other.control("GET", "faults") == shared.one.control("GET", "faults")
    credentials = {name: described[name] for name in ("client_id", "client_secret")}
    assert shared.other.token(grant_type="nothing", **credentials).status_code >= 400


def test_rate_limit_is_one(open_shared: Callable[..., Shared]) -> None:
    """What one let through counts at the other."""
    shared = open_shared()
    shared.one.control("POST", "clock", freeze=True)
    bearer = {"Authorization": f"Bearer {shared.pair()['access_token']}"}
    machines = [shared.one, shared.other] * 4
    statuses = [one.ping(**bearer).status_code for one in machines]
    assert statuses == [200] * 5 + [429] * 3


def test_seed_is_refused(shared: Shared) -> None:
    """Servers that take turns as they come can't draw the same each time."""
    answer = shared.one.http.post(f"{shared.one.url}/_mock/sandboxes", json={"seed": 1})
    assert answer.status_code == 422
    assert "seed is 1; expected nothing with a shared store" in answer.json()["error"]


@pytest.mark.parametrize(("method", "path"), [("PUT", "scenario"), ("POST", "sandboxes")])
def test_collections_are_refused(shared: Shared, method: str, path: str) -> None:
    """Each worker would have items of its own."""
    url = f"{shared.one.url}/_mock/{path}"
    answer = shared.one.http.request(method, url, json={"scenario": "workspace"})
    assert answer.status_code == 422
    assert "expected none with a shared store" in answer.json()["error"]


def test_server_with_other_options_is_refused(
    servers: list[str], store_url: str, start: Start
) -> None:
    """Two servers on one store are one fake, so they have to be started likewise."""
    served = start("--json", "--store", store_url, "--auto-approve")
    output, errors = served.process.communicate(timeout=20)
    assert (served.process.returncode, output) == (3, "")
    assert "started with another scenario or other options" in errors
    assert "?prefix=livestorm-mock-2" in errors


def test_fakes_with_prefixes_of_their_own_are_apart(
    store_url: str, http: httpx.Client, start: Start
) -> None:
    """On one Redis server there may be several."""
    urls = []
    for prefix in ("a", "b"):
        served = start("--json", "--quiet", "--store", f"{store_url}&prefix={prefix}")
        urls.append(served.describes_itself()["app_url"])
    http.post(f"{urls[0]}/_mock/clock", json={"set": 1_000})
    assert http.get(f"{urls[1]}/_mock/clock").json()["now"] > 1_000_000


@pytest.mark.parametrize("path", ["", "/s/nothing"])
def test_refused_request_is_in_the_journal(
    servers: list[str], http: httpx.Client, path: str
) -> None:
    """What is no request, or goes to no sandbox, is written down at the default one."""
    http.post(f"{servers[0]}/_mock/reset")
    http.get(f"{servers[1]}/s/nothing/v1/ping")
    told = http.get(f"{servers[0]}/_mock/journal", params={"wait": "10", "status": "404"}).json()
    assert [one["reason"] for one in told["exchanges"]] == ["there is no such sandbox"]

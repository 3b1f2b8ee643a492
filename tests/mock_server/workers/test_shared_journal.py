"""The journal of all servers is one: each exchange once, in one order, for all who read it."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx

from .conftest import Machine, Shared

MANY = 60


def ping(machine: Machine) -> int:
    """Send a request."""
    return machine.ping().status_code


def test_numbers_have_no_gap_and_none_comes_twice(shared: Shared) -> None:
    """Requests that come to both at the same time are numbered by one counter."""
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(ping, [shared.one, shared.other] * (MANY // 2)))
    assert shared.one.numbers() == list(range(1, MANY + 1))
    one, other = (machine.control("GET", "journal") for machine in (shared.one, shared.other))
    assert one == other


def test_filters_and_exports_see_all(shared: Shared) -> None:
    """Who filters, exports or judges has what both were sent."""
    shared.one.ping()
    shared.other.token(grant_type="nothing")
    shared.other.ping()
    pings = shared.one.control("GET", "journal?endpoint=api.ping")["exchanges"]
    assert [one["seq"] for one in pings] == [1, 3]
    assert len(shared.other.control("GET", "journal/har")["log"]["entries"]) == 3
    diagram = shared.one.http.get(f"{shared.one.url}/_mock/journal/mermaid").text
    assert diagram.count("/v1/ping") == 2


def test_audit_judges_what_all_were_sent(shared: Shared) -> None:
    """A code that comes to one and to the other came twice."""
    location = shared.one.control("POST", "authorize")["location"]
    asked = dict(httpx.URL(location).params) | {"grant_type": "authorization_code"}
    redirect_uri = location.partition("?")[0]
    for machine in (shared.one, shared.other):
        machine.token(**asked, redirect_uri=redirect_uri, **shared.credentials)
    rules = [one["rule"] for one in shared.one.control("GET", "audit")["findings"]]
    assert any("code" in rule for rule in rules), rules


def test_connections_are_told_apart(shared: Shared) -> None:
    """A client with a connection to each has two, and keeps them."""
    with httpx.Client(trust_env=False) as client:
        for url in (shared.one.url, shared.other.url, shared.one.url):
            client.get(f"{url}/v1/ping")
    exchanges = shared.one.control("GET", "journal")["exchanges"]
    one, other, again = (exchange["connection"] for exchange in exchanges)
    assert one == again != other


def test_who_waits_hears_of_what_the_other_answers(shared: Shared) -> None:
    """A long poll at one ends with an exchange at the other."""
    heard: list[object] = []

    def wait() -> None:
        heard.extend(shared.one.control("GET", "journal?wait=20&endpoint=api.ping")["exchanges"])

    waiting = threading.Thread(target=wait)
    waiting.start()
    shared.other.token(grant_type="nothing")
    shared.other.ping()
    waiting.join(20)
    assert [one["endpoint"] for one in heard] == ["api.ping"]  # type: ignore[index]


def test_stream_has_what_both_answer_and_goes_on_after_a_reset(shared: Shared) -> None:
    """Whoever follows the journal at one sees each exchange once, with growing event numbers."""
    shared.other.ping()
    url = f"{shared.one.url}/_mock/journal/stream"
    with httpx.Client(trust_env=False, timeout=20) as http, http.stream("GET", url) as stream:
        lines = stream.iter_lines()
        seen = []
        for act in (lambda: None, shared.one.ping, shared.other.ping):
            act()
            seen.append(_next_event(lines))
        shared.other.control("POST", "reset")
        shared.one.ping()
        seen.append(_next_event(lines))
    assert seen == [(1, 1), (2, 2), (3, 3), (4, 1)]


def _next_event(lines: object) -> tuple[int, int]:
    number = 0
    for line in lines:  # type: ignore[attr-defined]
        if line.startswith("id: "):
            number = int(line[4:])
        if line.startswith("data: "):
            return number, json.loads(line[6:])["seq"]
    raise AssertionError("the stream has ended")


def test_journal_keeps_as_much_as_it_is_told(servers: list[str], http: httpx.Client) -> None:
    """The oldest exchanges make room, whoever was sent them; numbers go on."""
    made = http.post(f"{servers[0]}/_mock/sandboxes", json={"journal_capacity": 5}).json()
    machines = [Machine(f"{url}/s/{made['id']}", http) for url in servers]
    for machine in machines * 4:
        machine.ping()
    assert machines[0].numbers() == [4, 5, 6, 7, 8]
    machines[1].control("DELETE", "journal")
    machines[0].ping()
    assert machines[1].numbers() == [9]


def test_bytes_of_the_journal_are_bounded(servers: list[str], http: httpx.Client) -> None:
    """Large requests displace others, and only a part of their bodies is kept."""
    made = http.post(f"{servers[0]}/_mock/sandboxes", json={"journal_bytes": 64_000}).json()
    machine = Machine(f"{servers[1]}/s/{made['id']}", http)
    for _ in range(40):
        http.post(f"{machine.url}/oauth/token", data={"grant_type": "x" * 5_000})
    kept = machine.control("GET", "journal")["exchanges"]
    assert kept[-1]["seq"] == 40
    assert 5 < len(kept) < 40
    assert all(one["request"]["body_cut_from"] == 5_011 for one in kept)

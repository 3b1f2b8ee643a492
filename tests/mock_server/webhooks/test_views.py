"""Where webhooks are seen: the control API, the journal, its exports, the log, the audit."""

import json

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.journal.kept import KeptExchange
from livestorm_mock_server.masking import Mask
from livestorm_mock_server.request_log.lines import JSONLines, TextLines, told_of

from .receiver import Receiver, with_status

PAGE = "people.registered"


def test_control_api_tells_each_attempt(
    livestorm: LivestormSandbox, http: httpx.Client, receiver: Receiver
) -> None:
    """Once it has happened: 200 where all is over, 202 where a retry is to come."""
    url = f"{livestorm.control_url}/webhooks/deliver"
    order = {"event": PAGE, "url": receiver.url}
    told = http.post(url, json=order)
    (delivery,) = told.json()["deliveries"]
    assert (told.status_code, delivery["state"]) == (200, "delivered")
    assert delivery["attempts"][0]["status"] == 200
    receiver.answer = with_status(500)
    told = http.post(url, json={**order, "retries": [60]})
    assert (told.status_code, told.json()["deliveries"][0]["state"]) == (202, "pending")
    receiver.answer = with_status(200)
    http.post(f"{livestorm.control_url}/clock", json={"advance": 60})
    told = http.get(f"{livestorm.control_url}/webhooks/deliveries?wait=5")
    assert [one["state"] for one in told.json()["deliveries"]] == ["delivered", "delivered"]


def test_control_api_refuses_where_none_may_go(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """With the option that would let it."""
    order = {"event": PAGE, "url": "http://hooks.example.test/"}
    told = http.post(f"{livestorm.control_url}/webhooks/deliver", json=order)
    assert told.status_code == 422
    assert "`--allow-webhooks-to hooks.example.test`" in told.json()["error"]


def test_journal_tells_what_the_fake_sent(livestorm: LivestormSandbox, receiver: Receiver) -> None:
    """Beside what clients sent, and it can be asked for."""
    httpx.get(f"{livestorm.api_url}/ping")
    livestorm.deliver_webhook(PAGE, receiver.url)
    received, sent = (one.as_json() for one in livestorm.journal.entries())
    assert received["webhook"] is None
    assert sent["webhook"] == {
        "delivery": 1,
        "attempt": 1,
        "event": PAGE,
        "webhook": None,
        "url": receiver.url,
        "cause": "POST webhooks/deliver",
    }
    assert livestorm.journal.entries(endpoint="webhook", status=200)[0].seq == 2


def test_exports_show_which_way_it_went(livestorm: LivestormSandbox, receiver: Receiver) -> None:
    """The archive by the receiver's URL, the diagram by its arrows."""
    livestorm.deliver_webhook(PAGE, receiver.url)
    (entry,) = livestorm.export_har()["log"]["entries"]  # type: ignore[index]
    assert (entry["request"]["url"], entry["_webhook"]["event"]) == (receiver.url, PAGE)
    lines = [line.strip() for line in livestorm.export_mermaid().splitlines()]
    assert "participant c0 as receiver of webhooks" in lines
    assert "api->>c0: 1. POST /hook people.registered, attempt 1" in lines
    assert "c0-->>api: 1. 200 OK" in lines


def test_webhook_makes_no_scenario(
    livestorm: LivestormSandbox, http: httpx.Client, receiver: Receiver
) -> None:
    """As no client would ever get it."""
    livestorm.deliver_webhook(PAGE, receiver.url)
    text = http.get(f"{livestorm.control_url}/journal/scenario?seq=1").text
    assert "[[faults]]" not in text


def test_audit_and_limits_are_of_what_clients_send(
    livestorm: LivestormSandbox, http: httpx.Client, receiver: Receiver
) -> None:
    """Whatever the fake sends itself, and whatever it is answered."""
    receiver.answer = lambda _, client: client.sendall(
        b"HTTP/1.1 200 OK\r\nRateLimit-Interval-Limit: 3\r\nContent-Length: 0\r\n\r\n"
    )
    livestorm.put_scenario(webhook_headers={"Authorization": "Bearer x"})
    for _ in range(4):
        livestorm.deliver_webhook(PAGE, f"{receiver.url}?access_token=x&client_secret=y")
    assert livestorm.audit() == []
    assert http.get(f"{livestorm.control_url}/overview").json()["limits"] == []


@pytest.mark.parametrize(
    ("status", "told"), [(200, ""), (500, "the answer does not count as delivered")]
)
def test_log_tells_of_webhooks(
    livestorm: LivestormSandbox, receiver: Receiver, status: int, told: str
) -> None:
    """An arrow, the receiver, the event and why it does not count; no query and no body."""
    receiver.answer = with_status(status)
    livestorm.deliver_webhook(PAGE, f"{receiver.url}?key=secret")
    (entry,) = livestorm.journal.entries(endpoint="webhook")
    assert isinstance(entry.exchange, KeptExchange)
    line = TextLines(in_colour=False).of(told_of(entry, entry.exchange, Mask()))
    origin = receiver.url.removesuffix("/hook")
    assert f"-> {origin} POST /hook  ({PAGE}, delivery 1)" in line
    assert told in line
    assert "secret" not in line
    read = json.loads(JSONLines().of(told_of(entry, entry.exchange, Mask())))
    assert read["webhook"] == {
        "event": PAGE,
        "receiver": origin,
        "webhook": None,
        "delivery": 1,
        "attempt": 1,
    }

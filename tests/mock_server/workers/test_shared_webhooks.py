"""Webhooks of a sandbox that servers share: each is sent once, by the one that is asked."""

import pytest

from ..webhooks.receiver import receiving, with_status
from ..webhooks.test_attempts import hang
from .conftest import Shared

LATER = "a shared store keeps nothing that is to be delivered later"


def test_webhook_is_sent_once_and_seen_by_all(shared: Shared) -> None:
    """The other server's journal has what this one sent."""
    with receiving() as receiver:
        order = {"event": "job.ended", "url": receiver.url}
        told = shared.one.control("POST", "webhooks/deliver", **order)
        assert told["deliveries"][0]["state"] == "delivered"
        (sent,) = shared.other.control("GET", "journal?endpoint=webhook")["exchanges"]
        assert (sent["webhook"]["url"], sent["response"]["status"]) == (receiver.url, 200)
        assert len(receiver.bodies()) == 1


def test_refused_scenario_leaves_what_is_under_way(shared: Shared) -> None:
    """It is as if nobody had asked."""
    toml = '[[faults]]\non = "connection"\nfault = "tls"\nvariant = "reset"\n'
    with receiving(hang) as receiver:
        order = {"event": "job.ended", "url": receiver.url, "wait": 0}
        shared.one.control("POST", "webhooks/deliver", **order)
        receiver.take()
        url = f"{shared.one.url}/_mock/scenario"
        refused = shared.one.http.put(url, json={"toml": toml})
        assert (refused.status_code, "door" in refused.json()["error"]) == (422, True), refused.text
        (told,) = shared.one.control("GET", "webhooks/deliveries")["deliveries"]
        assert told["state"] == "pending"
        shared.one.control("POST", "reset")


@pytest.mark.parametrize("late", [{"delay": 1}, {"retries": [1]}], ids=["delay", "retries"])
def test_what_is_to_be_sent_later_is_refused(shared: Shared, late: dict[str, object]) -> None:
    """As no server keeps what another one may have to drop."""
    order = {"event": "job.ended", "url": "http://127.0.0.1:1/", **late}
    told = shared.one.http.post(f"{shared.one.url}/_mock/webhooks/deliver", json=order)
    assert (told.status_code, LATER in told.json()["error"]) == (422, True)


def test_retries_of_a_scenario_are_not_made(shared: Shared) -> None:
    """And the journal says why."""
    shared.one.control("PUT", "scenario", provider={"webhook_retries": [1]})
    with receiving(with_status(500)) as receiver:
        order = {"event": "job.ended", "url": receiver.url}
        told = shared.other.control("POST", "webhooks/deliver", **order)
    assert told["deliveries"][0]["state"] == "failed"
    (sent,) = shared.one.control("GET", "journal?endpoint=webhook")["exchanges"]
    assert LATER in sent["reason"]

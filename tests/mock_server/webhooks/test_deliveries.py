"""What is delivered, how often, in which order and when."""

import asyncio
import hmac
import json
import socket
from base64 import b64encode
from hashlib import sha256
from typing import get_args

import httpx
import pytest
from livestorm_mock_server import InvalidInputError, LivestormSandbox, MockLivestorm
from livestorm_mock_server.sandbox import open_sandbox
from livestorm_mock_server.scenario_files import load_scenario, read_scenario
from livestorm_mock_server.webhooks import webhooks
from livestorm_mock_server.webhooks.maker import Maker
from livestorm_mock_server.webhooks.message import WrongBody, body_of, document_of
from livestorm_mock_server.webhooks.webhooks import MOST

from .receiver import Receiver, with_status
from .test_attempts import hang

WITHOUT_DOOR = """
[[faults]]
on = "connection"
fault = "tls"
variant = "reset"
"""
EVENTS = ["session.created", "session.started", "session.ended"]


def events_of(receiver: Receiver) -> list[str]:
    """Give the events that came, in order."""
    return [json.loads(body)["data"]["meta"]["webhook"]["event"] for body in receiver.bodies()]


def test_retries_come_in_their_virtual_time(
    livestorm: LivestormSandbox, receiver: Receiver
) -> None:
    """Each so many seconds after the one before, none earlier, with the same body."""
    receiver.answer = with_status(503)
    livestorm.clock.freeze()
    (first,) = livestorm.deliver_webhook("job.ended", receiver.url, retries=[60, 3600])
    assert (first.state, first.due_at) == ("pending", livestorm.clock.now() + 60)
    livestorm.clock.advance(59)
    assert len(livestorm.webhook_deliveries()[0].attempts) == 1
    livestorm.clock.advance(1)
    assert len(livestorm.webhook_deliveries()[0].attempts) == 2
    livestorm.clock.advance(3600)
    (over,) = livestorm.webhook_deliveries()
    assert (over.state, over.due_at) == ("failed", None)
    assert [one.number for one in over.attempts] == [1, 2, 3]
    assert len(set(receiver.bodies())) == 1
    reasons = [one.exchange.reason for one in livestorm.journal.entries(endpoint="webhook")]
    assert reasons == [
        "the answer does not count as delivered; attempt 2 is 60 s later",
        "the answer does not count as delivered; attempt 3 is 3600 s later",
        "the answer does not count as delivered; it is given up",
    ]


@pytest.mark.livestorm(webhook_retries=[60, 60])
def test_leap_of_the_clock_brings_all_that_is_due(
    livestorm: LivestormSandbox, receiver: Receiver
) -> None:
    """And what is delivered at last has no further attempt."""
    answers = iter([500, 500, 200])
    receiver.answer = lambda it, client: with_status(next(answers))(it, client)
    livestorm.deliver_webhook("job.ended", receiver.url)
    livestorm.clock.advance(7200)
    (delivery,) = livestorm.webhook_deliveries()
    assert [one.status for one in delivery.attempts] == [500, 500, 200]
    assert (delivery.state, delivery.due_at) == ("delivered", None)


def test_late_webhook_waits_for_its_time(livestorm: LivestormSandbox, receiver: Receiver) -> None:
    """Of the virtual clock, also where that runs on by itself."""
    (late,) = livestorm.deliver_webhook("job.ended", receiver.url, delay=600)
    assert (late.state, late.attempts) == ("pending", ())
    livestorm.clock.advance(599.95)
    assert receiver.take().line == "POST /hook HTTP/1.1"


def test_duplicates_are_the_same_to_the_byte(
    livestorm: LivestormSandbox, receiver: Receiver
) -> None:
    """Each is a delivery of its own, which names the first."""
    told = livestorm.deliver_webhook("job.ended", receiver.url, duplicates=2)
    assert [one.duplicate_of for one in told] == [None, 1, 1]
    bodies = receiver.bodies()
    assert (len(bodies), len(set(bodies))) == (3, 1)


@pytest.mark.parametrize(
    ("order", "came"), [("given", EVENTS), ("reversed", EVENTS[::-1])], ids=["given", "reversed"]
)
def test_events_come_in_the_order_that_is_asked_for(
    livestorm: LivestormSandbox, receiver: Receiver, order: str, came: list[str]
) -> None:
    """Their numbers are those of their order, whatever the receiver sees first."""
    told = livestorm.deliver_webhook(EVENTS, receiver.url, order=order)
    assert [one.event for one in told] == EVENTS
    assert [one.number for one in told] == [1, 2, 3]
    assert events_of(receiver) == came


def test_order_and_ids_come_from_the_seed(receiver: Receiver) -> None:
    """Two runs of one seed send the same bytes in the same order."""

    def run(seed: int) -> list[bytes]:
        with MockLivestorm(seed=seed) as livestorm:
            livestorm.deliver_webhook(EVENTS * 5, receiver.url, order="shuffled")
            return receiver.bodies()

    first = run(1)
    assert first == run(1) != run(2)
    assert sorted(first) != first


def test_burst_is_sent_at_once(livestorm: LivestormSandbox, receiver: Receiver) -> None:
    """No answer is waited for before the next request is there."""

    def meet(it: Receiver, client: socket.socket) -> None:
        if it.came.qsize() == 3:
            it.over.set()
        with_status(204 if it.over.wait(5) else 500)(it, client)

    receiver.answer = meet
    told = livestorm.deliver_webhook("job.ended", receiver.url, duplicates=2, order="at_once")
    assert [one.state for one in told] == ["delivered"] * 3


@pytest.mark.parametrize("body", get_args(WrongBody))
def test_wrong_body_is_none_that_a_receiver_can_use(
    livestorm: LivestormSandbox, receiver: Receiver, body: str
) -> None:
    """Each is wrong in its own way, and sent with the headers of a right one."""
    livestorm.deliver_webhook("job.ended", receiver.url, body=body)
    came = receiver.take()
    assert came.headers["content-type"] == "application/json"
    assert not is_right(livestorm, came.body)


def is_right(livestorm: LivestormSandbox, body: bytes) -> bool:
    """Tell whether a careful receiver takes a body."""
    try:
        webhook = json.loads(body)["data"]["meta"]["webhook"]
    except (ValueError, TypeError, KeyError):
        return False
    own = livestorm._sandbox.organizations[0].id
    return bool(webhook == {"event": "job.ended", "organization_id": own})


def test_data_takes_the_place_of_what_is_drawn(
    livestorm: LivestormSandbox, receiver: Receiver
) -> None:
    """Its own `meta` stays beside that of the webhook."""
    data = {"id": "1", "type": "jobs", "meta": {"own": 1}}
    livestorm.deliver_webhook("job.ended", receiver.url, data=data)
    came = json.loads(receiver.take().body)["data"]
    assert (came["id"], came["meta"]["own"]) == ("1", 1)
    assert came["meta"]["webhook"]["event"] == "job.ended"


@pytest.mark.parametrize("webhook", ["x", None, [], {"event": 1}])
@pytest.mark.parametrize("body", [None, *get_args(WrongBody)])
def test_data_has_any_webhook_of_its_own(webhook: object, body: WrongBody | None) -> None:
    """What is no object is none to change."""
    document = document_of("job.ended", "1", {"meta": {"webhook": webhook}})
    sent = body_of(document, body)
    if body is None:
        assert json.loads(sent)["data"]["meta"]["webhook"] == webhook
    elif body == "unknown_event":
        assert json.loads(sent)["data"]["meta"]["webhook"]["event"] == "unknown.event"
    else:
        assert isinstance(sent, bytes)


@pytest.mark.parametrize("value", ["\ud800", object(), {1}], ids=["text", "object", "set"])
def test_data_that_is_no_json_is_refused(livestorm: LivestormSandbox, value: object) -> None:
    """Also what was JSON, and is no text that bytes can hold."""
    with pytest.raises(InvalidInputError, match="expected what JSON can hold"):
        livestorm.deliver_webhook("job.ended", "http://127.0.0.1:1/", data={"x": value})


@pytest.mark.parametrize("form", ["hex", "base64", "timestamped"])
def test_signature_fits_the_body(
    livestorm: LivestormSandbox, receiver: Receiver, form: str
) -> None:
    """A receiver that knows the secret can tell the right one from a wrong one, and from none."""
    livestorm.put_scenario(
        webhook_signature=form, webhook_secret="ü", webhook_signature_header="X-Own"
    )
    livestorm.clock.freeze()
    for signature in ("right", "wrong", "missing"):
        livestorm.deliver_webhook("job.ended", receiver.url, signature=signature)
        came, seconds = receiver.take(), int(livestorm.clock.now())
        stamped = b"%d.%b" % (seconds, came.body) if form == "timestamped" else came.body
        digest = hmac.new("ü".encode(), stamped, sha256)
        right = {
            "hex": digest.hexdigest(),
            "base64": b64encode(digest.digest()).decode(),
            "timestamped": f"t={seconds},v1={digest.hexdigest()}",
        }
        assert (came.headers.get("x-own") == right[form]) == (signature == "right")
        assert ("x-own" in came.headers) == (signature != "missing")


@pytest.mark.livestorm(
    webhook_content_type="application/vnd.api+json", webhook_headers={"User-Agent": "Own/1"}
)
def test_headers_are_options(livestorm: LivestormSandbox, receiver: Receiver) -> None:
    """One of the same name is replaced."""
    livestorm.deliver_webhook("job.ended", receiver.url)
    came = receiver.take()
    assert came.headers["content-type"] == "application/vnd.api+json"
    assert came.headers["user-agent"] == "Own/1"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"event": "people.registred"}, "did you mean 'people.registered'"),
        ({"signature": "wrong"}, "expected right, as webhook_signature is none"),
        ({"duplicates": 101}, "duplicates is 101"),
        ({"delay": -1}, "delay is -1"),
        ({"body": "half"}, "body is 'half'"),
        ({"retires": [1]}, "did you mean 'retries'"),
        ({"event": EVENTS * 30, "duplicates": 20}, f"0 of {MOST} are on their way"),
    ],
)
def test_what_can_take_no_effect_is_refused(
    livestorm: LivestormSandbox, receiver: Receiver, wrong: dict[str, object], told: str
) -> None:
    """The error names the key, and nothing is sent."""
    with pytest.raises(InvalidInputError) as refused:
        livestorm.deliver_webhook(**{"event": "job.ended", "url": receiver.url, **wrong})  # type: ignore[arg-type]
    assert told in str(refused.value)
    assert receiver.bodies() == []


def test_too_many_are_refused_before_they_are_made(
    livestorm: LivestormSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there would be."""
    monkeypatch.setattr(Maker, "of_order", None)
    with pytest.raises(InvalidInputError, match="the number of deliveries is 10100"):
        livestorm.deliver_webhook(["job.ended"] * 100, "http://127.0.0.1:1/", duplicates=100)


def test_bytes_on_their_way_are_bounded(
    livestorm: LivestormSandbox, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A body that is sent several times counts once."""
    monkeypatch.setattr(webhooks, "MOST_BYTES", 1_000)
    livestorm.deliver_webhook("job.ended", receiver.url, data={"x": "x" * 500}, duplicates=5)
    with pytest.raises(InvalidInputError, match="0 of 1000 bytes"):
        livestorm.deliver_webhook(EVENTS, receiver.url, data={"x": "x" * 500})


@pytest.mark.parametrize("name", ["Host", "content-length", "Transfer-Encoding"])
def test_headers_of_http_itself_are_refused(livestorm: LivestormSandbox, name: str) -> None:
    """They would send something else than what is told."""
    with pytest.raises(InvalidInputError, match=f"webhook_headers.{name}"):
        livestorm.put_scenario(webhook_headers={name: "1"})
    with pytest.raises(InvalidInputError, match="webhook_signature_header"):
        livestorm.put_scenario(webhook_signature_header=name)


def test_reset_drops_what_is_on_its_way(livestorm: LivestormSandbox, receiver: Receiver) -> None:
    """What is under way ends at once; numbers begin anew, and nothing comes later."""
    receiver.answer = hang
    told = livestorm.deliver_webhook("job.ended", receiver.url, wait=0)
    receiver.take()
    livestorm.deliver_webhook("job.ended", receiver.url, delay=60, wait=0)
    assert [one.state for one in (*told, *livestorm.webhook_deliveries(0))] == ["pending"] * 3
    livestorm.reset()
    assert list(livestorm.webhook_deliveries()) == []
    livestorm.clock.advance(3600)
    livestorm.webhook_deliveries()
    assert receiver.bodies() == []


def test_other_scenario_begins_once_nothing_is_under_way() -> None:
    """Until then all is as it was; one that is refused leaves what is on its way."""

    async def put() -> None:
        sandbox = await open_sandbox(load_scenario("happy_path"))
        before, dropped = (sandbox.scenario, sandbox.announced), sandbox.webhooks.drop
        seen: list[object] = []

        async def drop() -> None:
            seen.append((sandbox.scenario, sandbox.announced))
            await dropped()

        sandbox.webhooks.drop = drop  # type: ignore[method-assign]  # to count
        with pytest.raises(InvalidInputError):
            await sandbox.put(read_scenario(WITHOUT_DOOR, "tls.toml", None))
        assert seen == []
        await sandbox.put(load_scenario("workspace"))
        assert seen == [before]
        assert sandbox.scenario == load_scenario("workspace")

    asyncio.run(put())


def test_fake_answers_while_a_receiver_hangs(
    livestorm: LivestormSandbox, http: httpx.Client, receiver: Receiver
) -> None:
    """And ends with what is under way: see the end of the sandbox."""
    receiver.answer = hang
    livestorm.deliver_webhook("job.ended", receiver.url, wait=0)
    receiver.take()
    assert http.get(f"{livestorm.api_url}/ping").status_code == 401
    (entry,) = livestorm.journal.entries(endpoint="webhook")
    assert (entry.response, entry.answered_at) == (None, None)
    livestorm.close()
    assert entry.exchange.reason == "dropped: the sandbox was reset or closed meanwhile"
    assert entry.answered_at is not None


def test_sandboxes_deliver_for_themselves(livestorm: LivestormSandbox, receiver: Receiver) -> None:
    """A receiver that hangs for one holds up no other one, and each counts its own."""
    receiver.answer = hang
    livestorm.deliver_webhook("job.ended", receiver.url, wait=0)
    receiver.take()
    receiver.answer = with_status(200)
    with livestorm.sandbox() as other:
        (delivery,) = other.deliver_webhook("job.ended", receiver.url)
        assert (delivery.number, delivery.state) == (1, "delivered")
        assert [one.exchange.sandbox for one in other.journal.entries(endpoint="webhook")] == [
            other.control_url.split("/")[-2]
        ]

"""Webhooks that clients register, and what changes in the virtual world make of them."""

import json
from collections.abc import Iterator, Sequence

import httpx
import pytest
from livestorm_mock_server import InvalidInputError, LivestormSandbox
from livestorm_mock_server.scenario_files import read_scenario
from livestorm_mock_server.webhooks.events import EVENTS
from livestorm_mock_server.webhooks.webhooks import MOST

from .receiver import Receiver, with_status

WORLD = """
[provider]
rate_limits = false

[[collections]]
type = "webhooks"
path = "/v1/webhooks"
read = ["webhooks:read"]
write = ["webhooks:write"]
required = ["url", "event"]

[[collections]]
type = "events"
path = "/v1/events"

[[collections]]
type = "sessions"
path = "/v1/sessions"
items = [
    { id = "soon", status = "upcoming", started_at = 9000000000, ended_at = 9000003600 },
    { id = "never", status = "upcoming", started_at = 0, ended_at = 0 },
]

[[collections]]
type = "people"
path = "/v1/sessions/{session}/people"
relationships = [{ name = "session", type = "sessions" }]

[[collections]]
type = "jobs"
path = "/v1/jobs"
"""
SCENARIO = read_scenario(WORLD, "world.toml", None)
pytestmark = pytest.mark.livestorm(SCENARIO)
RETRIED = pytest.mark.livestorm(SCENARIO, webhook_retries=[60])


class Client:
    """An integration that registers webhooks, as those that were published do."""

    def __init__(self, livestorm: LivestormSandbox) -> None:
        token = livestorm.issue_tokens(scope="identity:read webhooks:read webhooks:write")
        headers = {
            "Authorization": f"Bearer {token['access_token']}",
            "Accept": "application/vnd.api+json",
            "Content-Type": "application/vnd.api+json",
        }
        self.http = httpx.Client(base_url=livestorm.api_url, headers=headers, trust_env=False)

    def create(self, path: str, **attributes: object) -> str:
        """Create an item; give its id."""
        kind = path.rpartition("/")[2]
        data = {"type": kind, "attributes": attributes}
        answer = self.http.post(path, content=json.dumps({"data": data}))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["data"]["id"])

    def register(self, url: str, event: str) -> str:
        """Register a webhook; give its id."""
        return self.create("/webhooks", url=url, event=event)


@pytest.fixture
def client(livestorm: LivestormSandbox) -> Iterator[Client]:
    """An integration with a token."""
    client = Client(livestorm)
    yield client
    client.http.close()


def events_of(receiver: Receiver) -> list[tuple[str, str]]:
    """Give the events that came, each with the id of what it is about."""
    came = [json.loads(body)["data"] for body in receiver.bodies()]
    return [(one["meta"]["webhook"]["event"], one["id"]) for one in came]


def test_client_receives_what_it_registered_for(
    livestorm: LivestormSandbox, client: Client, receiver: Receiver
) -> None:
    """As the API shows it, and with what makes it a webhook."""
    webhook_id = client.register(receiver.url, "people.registered")
    client.register(receiver.url, "job.ended")
    person_id = client.create("/sessions/soon/people", email="noor@example.test")
    came = json.loads(receiver.take().body)["data"]
    shown = client.http.get("/sessions/soon/people").json()["data"]
    meta = came.pop("meta")
    assert [came] == shown
    assert (came["id"], meta["webhook"]["event"]) == (person_id, "people.registered")
    (delivery,) = livestorm.webhook_deliveries()
    assert (delivery.webhook, delivery.state) == (webhook_id, "delivered")
    assert delivery.cause == f"people {person_id} was created"


def test_nothing_is_sent_where_nothing_is_registered(
    livestorm: LivestormSandbox, client: Client, receiver: Receiver
) -> None:
    """Nor once a client has deleted its webhook."""
    client.create("/events", title="One")
    webhook_id = client.register(receiver.url, "event.created")
    client.http.delete(f"/webhooks/{webhook_id}")
    client.create("/events", title="Two")
    assert list(livestorm.webhook_deliveries()) == []


@pytest.mark.parametrize(
    ("type_name", "steps", "events"),
    [
        (
            "events",
            [{"scheduling_status": "draft"}, {"scheduling_status": "upcoming"}, {"title": "T"}],
            ["event.created", "event.published"],
        ),
        (
            "sessions",
            [{"status": "upcoming"}, {"status": "live"}, {"name": "N"}, {"status": "past"}],
            ["session.created", "session.started", "session.ended"],
        ),
        ("sessions", [{"status": "upcoming"}, {"status": "canceled"}], ["session.created"]),
        (
            "people",
            [{"email": "a@b.test"}, {"attended": True}, {"attended": True}],
            ["people.registered", "people.attended"],
        ),
        (
            "people",
            [{"email": "a@b.test"}, {"attended": False}],
            ["people.registered", "people.not_attended"],
        ),
        ("jobs", [{"status": "pending"}, {"status": "ended"}, {"n": 1}], ["job.ended"]),
        ("jobs", [{"status": "pending"}, {"status": "failed"}], ["job.ended"]),
    ],
)
def test_change_is_an_event(
    livestorm: LivestormSandbox,
    client: Client,
    receiver: Receiver,
    type_name: str,
    steps: Sequence[dict[str, object]],
    events: list[str],
) -> None:
    """Of all that happens to an item, what has a name is told, once and in order."""
    for event in EVENTS:
        client.register(receiver.url, event)
    first, *others = steps
    item_id = str(livestorm.add_item(type_name, first)["id"])
    for step in others:
        livestorm.change_item(type_name, item_id, step)
    livestorm.webhook_deliveries()
    assert events_of(receiver) == [(event, item_id) for event in events]


def test_session_begins_and_ends_by_the_clock(
    livestorm: LivestormSandbox, client: Client, receiver: Receiver
) -> None:
    """Each at its time, and what collections show has changed as well."""
    for event in EVENTS:
        client.register(receiver.url, event)
    livestorm.clock.set(9_000_000_000)
    livestorm.webhook_deliveries()
    assert events_of(receiver) == [("session.started", "soon")]
    assert livestorm.items("sessions")[0]["attributes"]["status"] == "live"  # type: ignore[index]
    livestorm.clock.advance(3600)
    livestorm.webhook_deliveries()
    assert events_of(receiver) == [("session.ended", "soon")]


def test_clock_that_leaps_over_a_session_brings_both(
    livestorm: LivestormSandbox, client: Client, receiver: Receiver
) -> None:
    """In order; one that was cancelled before brings none."""
    for event in ("session.started", "session.ended"):
        client.register(receiver.url, event)
    later = {"status": "upcoming", "started_at": 9_100_000_000}
    cancelled = str(livestorm.add_item("sessions", later)["id"])
    livestorm.change_item("sessions", cancelled, {"status": "canceled"})
    livestorm.clock.set(9_200_000_000)
    livestorm.webhook_deliveries()
    assert events_of(receiver) == [("session.started", "soon"), ("session.ended", "soon")]


def test_time_that_passes_by_itself_is_enough(
    livestorm: LivestormSandbox, client: Client, receiver: Receiver
) -> None:
    """Nobody has to move the clock, or to ask for anything, once it is time."""
    client.register(receiver.url, "session.started")
    livestorm.clock.set(9_000_000_000 - 0.1)
    assert json.loads(receiver.take().body)["data"]["id"] == "soon"


@pytest.mark.livestorm(SCENARIO, webhook_attendance="session_end")
def test_attendance_can_be_told_at_the_end_of_the_session(
    livestorm: LivestormSandbox, client: Client, receiver: Receiver
) -> None:
    """Of all people of that session, behind its end, and not before."""
    for event in EVENTS:
        client.register(receiver.url, event)
    for who, session, attended in (("ada", "soon", True), ("bo", "soon", None), ("cy", "never", 1)):
        livestorm.add_item("people", {"attended": attended}, {"session": session}, id=who)
    livestorm.change_item("people", "bo", {"attended": False})
    livestorm.change_item("sessions", "soon", {"status": "past"})
    livestorm.webhook_deliveries()
    registered = [("people.registered", who) for who in ("ada", "bo", "cy")]
    ended = [("session.ended", "soon"), ("people.attended", "ada"), ("people.not_attended", "bo")]
    assert events_of(receiver) == registered + ended


def test_answer_that_is_lost_is_told_and_one_that_never_was_is_not(
    livestorm: LivestormSandbox, client: Client, receiver: Receiver
) -> None:
    """A fault before the effect leaves nothing to tell, also where the answer is rehearsed."""
    client.register(receiver.url, "event.created")
    for phase in ("before", "after"):
        livestorm.faults.arm("api", "truncated_json", phase=phase, times=1)
        client.http.post("/events", content=json.dumps({"data": {"type": "events"}}))
    assert len(livestorm.webhook_deliveries()) == 1


def test_registered_webhook_elsewhere_is_refused_in_sight(
    livestorm: LivestormSandbox, client: Client
) -> None:
    """The client gets its 201 as from the real one; the journal says what would let it."""
    client.register("https://hooks.example.test/in", "event.created")
    client.create("/events", title="One")
    (delivery,) = livestorm.webhook_deliveries()
    assert delivery.state == "refused"
    (entry,) = livestorm.journal.entries(endpoint="webhook")
    assert "`--allow-webhooks-to hooks.example.test`" in str(entry.exchange.reason)


@pytest.mark.parametrize(
    "left",
    [
        pytest.param(1, marks=RETRIED, id="kept"),
        pytest.param(
            0,
            marks=pytest.mark.livestorm(SCENARIO, webhook_given_up="deleted", webhook_retries=[60]),
            id="deleted",
        ),
    ],
)
def test_what_becomes_of_a_webhook_that_fails_is_an_option(
    livestorm: LivestormSandbox, client: Client, receiver: Receiver, left: int
) -> None:
    """After the last attempt, and not before."""
    receiver.answer = with_status(410)
    client.register(receiver.url, "event.created")
    client.create("/events", title="One")
    livestorm.webhook_deliveries()
    assert len(livestorm.items("webhooks")) == 1
    livestorm.clock.advance(60)
    livestorm.webhook_deliveries()
    assert len(livestorm.items("webhooks")) == left


@RETRIED
def test_retry_for_a_webhook_that_is_gone_is_dropped(
    livestorm: LivestormSandbox, client: Client, receiver: Receiver
) -> None:
    """And the journal says so."""
    receiver.answer = with_status(500)
    webhook_id = client.register(receiver.url, "event.created")
    client.create("/events", title="One")
    livestorm.webhook_deliveries()
    client.http.delete(f"/webhooks/{webhook_id}")
    livestorm.clock.advance(60)
    (delivery,) = livestorm.webhook_deliveries()
    assert (delivery.state, len(delivery.attempts), len(receiver.bodies())) == ("dropped", 1, 1)
    last = livestorm.journal.entries(endpoint="webhook")[-1]
    assert last.exchange.reason == "dropped: the client has deleted the webhook meanwhile"


def test_more_than_can_be_on_their_way_are_refused_in_sight(
    livestorm: LivestormSandbox, client: Client
) -> None:
    """With an exchange that says why."""
    client.register("http://127.0.0.1:1/", "people.registered")
    livestorm.deliver_webhook(["job.ended"] * 10, "http://127.0.0.1:1/", duplicates=99, delay=60)
    livestorm.add_item("people", {"email": "one@too.many"})
    assert livestorm.webhook_deliveries()[-1].state == "refused"
    last = livestorm.journal.entries(endpoint="webhook")[-1]
    assert str(last.exchange.reason).startswith(f"too many: {MOST} of {MOST} are on their way")


@pytest.mark.livestorm(SCENARIO, webhook_attendance="session_end")
def test_change_that_brings_too_many_is_told_once(
    livestorm: LivestormSandbox, client: Client
) -> None:
    """Those for which there is room are sent; the first of the others says how many they are."""
    livestorm.deliver_webhook(
        ["job.ended"] * 10, "http://127.0.0.1:1/", duplicates=99 - 1, delay=60, wait=0
    )
    client.register("http://127.0.0.1:1/", "people.not_attended")
    for number in range(20):
        livestorm.add_item("people", {}, {"session": "soon"}, id=str(number))
    livestorm.change_item("sessions", "soon", {"status": "past"})
    *_, last, refused = livestorm.webhook_deliveries()
    assert (last.state, refused.state, refused.number) == ("failed", "refused", MOST + 1)
    told = [one.exchange.reason for one in livestorm.journal.entries(endpoint="webhook")]
    (reason,) = [one for one in map(str, told) if one.startswith("too many: ")]
    assert reason.endswith("; so are the 9 after it")


def test_call_delivers_to_all_who_registered(
    livestorm: LivestormSandbox, client: Client, receiver: Receiver
) -> None:
    """Or to one of them; it is about the newest item, or the one that is named."""
    one, two = (client.register(receiver.url, "session.created") for _ in range(2))
    told = livestorm.deliver_webhook("session.created")
    assert [each.webhook for each in told] == [one, two]
    livestorm.deliver_webhook("session.created", webhook=two, item="soon")
    assert [about for _, about in events_of(receiver)] == ["never", "never", "soon"]


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ({"event": "job.ended"}, "no webhook is registered for the event"),
        ({"event": "job.ended", "webhook": "other"}, "webhook is 'other'; expected one of:"),
        ({"event": "job.ended", "webhook": "own"}, "event.created, for which this webhook is"),
        ({"event": "event.created", "item": "other"}, "the id of one of the events"),
        ({"event": "event.created", "item": "x", "data": {}}, "none beside data"),
        ({"event": "event.created", "webhook": "own", "url": "http://x/"}, "none beside url"),
    ],
)
def test_nobody_to_deliver_to_is_an_error(
    livestorm: LivestormSandbox, order: dict[str, object], told: str
) -> None:
    """It says what is missing, or what would be right."""
    livestorm.add_item(
        "webhooks", {"url": "http://127.0.0.1:1/", "event": "event.created"}, id="own"
    )
    with pytest.raises(InvalidInputError) as refused:
        livestorm.deliver_webhook(**order)  # type: ignore[arg-type]
    assert told in str(refused.value)


def test_state_that_is_imported_goes_on(
    livestorm: LivestormSandbox, client: Client, receiver: Receiver
) -> None:
    """With its webhooks and sessions, and nothing of what was on its way."""
    client.register(receiver.url, "session.started")
    state = livestorm.state()
    livestorm.deliver_webhook("job.ended", receiver.url, delay=60)
    livestorm.restore(state)
    assert list(livestorm.webhook_deliveries()) == []
    livestorm.clock.set(9_000_000_000)
    livestorm.webhook_deliveries()
    assert events_of(receiver) == [("session.started", "soon")]


def test_reset_begins_with_the_webhooks_of_the_scenario(
    livestorm: LivestormSandbox, client: Client, receiver: Receiver
) -> None:
    """Those that clients registered are gone, and sessions have their times again."""
    client.register(receiver.url, "session.started")
    livestorm.reset()
    livestorm.add_item("webhooks", {"url": receiver.url, "event": "session.started"})
    livestorm.clock.set(9_000_000_000)
    livestorm.webhook_deliveries()
    assert events_of(receiver) == [("session.started", "soon")]


def test_what_a_rehearsal_holds_up_comes_after_it(
    livestorm: LivestormSandbox, client: Client, receiver: Receiver
) -> None:
    """While an answer is rehearsed nothing happens; then it does, on a frozen clock, too."""
    client.register(receiver.url, "session.started")
    livestorm.clock.freeze()
    collections = livestorm._sandbox.collections
    with collections.rehearsal():
        livestorm.clock.set(9_000_000_000)
        livestorm.webhook_deliveries()
        assert receiver.bodies() == []
    assert json.loads(receiver.take().body)["data"]["id"] == "soon"

"""What requests change, and what is refused: seen by the next request."""

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

from .small_workspace import Caller, document, linked
from .test_lists import options

NOON = 1_795_435_200


def test_item_is_shown(caller: Caller) -> None:
    """One item has its attributes and relationships."""
    data = caller.get("sessions/s1")["data"]
    assert (data["type"], data["attributes"]) == ("sessions", {"status": "live", "ended_at": 0})


def test_id_in_the_path_is_decoded(sandbox: LivestormSandbox, caller: Caller) -> None:
    """An id that is no ASCII is found as clients encode it."""
    sandbox.add_item("events", {"title": "x"}, id="é 1")
    assert caller.get("events/%C3%A9%201")["data"]["id"] == "é 1"


@pytest.mark.parametrize("path", ["events/e9", "sessions/s3/people/p1", "sessions/s9/people/p1"])
def test_unknown_item_is_not_found(caller: Caller, path: str) -> None:
    """What is not there, or not below its parent, is a 404."""
    assert [told[:2] for told in caller.errors(caller.send("GET", path))] == [(404, "not_found")]


def test_created_item_is_seen(sandbox: LivestormSandbox, caller: Caller) -> None:
    """A POST is answered with a 201 and the item, which the next list has at its end."""
    sandbox.clock.freeze()
    sandbox.clock.set(NOON)
    answer = caller.send("POST", "events", document("events", title="Neu", owner_id="p2"))
    data = answer.json()["data"]
    assert answer.status_code == 201
    assert data["attributes"] == {
        "title": "Neu",
        "owner_id": "p2",
        "scheduling_status": "draft",
        "created_at": NOON,
        "updated_at": NOON,
    }
    assert caller.ids("events")[-1] == data["id"]
    assert caller.get(f"events/{data['id']}")["data"] == data


def test_item_created_below_a_parent_is_related_to_it(caller: Caller) -> None:
    """The parent, and what it is itself related to, are the new item's."""
    answer = caller.send("POST", "sessions/s2/people", document("people", email="x@example.test"))
    data = answer.json()["data"]
    assert data["relationships"] == {
        "session": linked("sessions", "s2"),
        "event": linked("events", "e2"),
    }
    assert caller.ids("sessions/s2/people") == ["p1", "p2", data["id"]]


def test_id_of_the_client_is_taken(caller: Caller) -> None:
    """A document may bring an id."""
    answer = caller.send("POST", "events", document("events", id="mine", title="x"))
    assert answer.json()["data"]["id"] == "mine"


def test_changed_item_is_seen(sandbox: LivestormSandbox, caller: Caller) -> None:
    """A PATCH changes what it names, and `updated_at`, and leaves the rest."""
    sandbox.clock.freeze()
    sandbox.clock.set(NOON)
    changes = document(
        "sessions", id="s1", status="past", relationships={"event": linked("events", "e3")}
    )
    answer = caller.send("PATCH", "sessions/s1", changes)
    assert answer.status_code == 200
    assert answer.json()["data"]["attributes"] == {
        "status": "past",
        "ended_at": 0,
        "updated_at": NOON,
    }
    assert caller.ids("events/e3/sessions") == ["s1"]
    assert caller.ids("sessions?filter[status]=past") == ["s1", "s2"]


def test_deleted_item_is_gone(caller: Caller) -> None:
    """A DELETE is a 204 without a body; afterwards there is a 404."""
    answer = caller.send("DELETE", "events/e2")
    assert (answer.status_code, answer.content) == (204, b"")
    assert caller.ids("events") == ["e1", "e3"]
    assert caller.send("DELETE", "events/e2").status_code == 404


def test_what_a_filter_finds_is_deleted(caller: Caller) -> None:
    """DELETE with a filter removes whom it finds below this parent alone."""
    path = "sessions/s2/people?filter[email]=zoe@example.test"
    assert caller.send("DELETE", path).status_code == 204
    assert caller.ids("sessions/s2/people") == ["p2"]
    assert caller.ids("sessions/s3/people") == ["p3"]
    assert caller.send("DELETE", path).status_code == 404


@options(delete_without_match=204)
def test_deleting_nobody_can_be_a_success(caller: Caller) -> None:
    """With the option, nobody is found and it is a 204."""
    path = "sessions/s2/people?filter[email]=nobody@example.test"
    assert caller.send("DELETE", path).status_code == 204


def test_deleting_without_a_filter_is_refused(caller: Caller) -> None:
    """Nobody deletes all by forgetting the filter."""
    assert caller.send("DELETE", "sessions/s2/people").status_code == 400
    assert caller.ids("sessions/s2/people") == ["p1", "p2"]


@pytest.mark.parametrize(
    ("path", "body", "status", "told"),
    [
        ("events", {}, 400, "data"),
        ("events", {"data": []}, 400, "data"),
        ("events", {"data": {"type": "events", "attributes": []}}, 400, "data.attributes"),
        ("events", document("events", id=3), 400, "data.id"),
        ("events", document("events", id="a/b"), 400, "data.id is no text without slashes"),
        ("events", document("events", id="a.b"), 400, "data.id is no text without slashes"),
        ("events", {"data": {"attributes": {}}}, 400, "data.type is missing"),
        ("events", {"data": {"type": True}}, 400, "data.type is no text"),
        ("events", document("sessions", title="x"), 409, "data.type"),
        ("events", document("events", id="e1", title="x"), 409, "e1"),
        ("events", document("events"), 422, "title can't be blank"),
        ("events", document("events", title="  "), 422, "title can't be blank"),
        ("events", document("events", title="x", owner_id="p9"), 422, "owner_id"),
        (
            "sessions",
            document("sessions", relationships={"event": linked("events", "e9")}),
            422,
            "event leads to no item",
        ),
        (
            "sessions",
            document("sessions", relationships={"event": linked("people", "p1")}),
            409,
            "event",
        ),
        ("sessions", document("sessions", relationships={"event": {}}), 400, "event.data"),
        (
            "sessions",
            document("sessions", relationships={"event": {"data": {"id": "e1"}}}),
            400,
            "event.data.type is missing",
        ),
        (
            "sessions",
            document("sessions", relationships={"people": {"data": []}}),
            422,
            "people is no relationship",
        ),
        ("sessions/s2/people", document("people", email="ada@example.test"), 409, "email"),
        ("sessions/s9/people", document("people", email="ada@example.test"), 404, "s9"),
    ],
)
def test_wrong_document_is_refused(
    caller: Caller, path: str, body: object, status: int, told: str
) -> None:
    """What can't be created is refused with the part that is wrong, and nothing is changed."""
    before = caller.sandbox.items("people") + caller.sandbox.items("events")
    ((found, _, detail),) = caller.errors(caller.send("POST", path, body))
    assert found == status
    assert told in detail
    assert caller.sandbox.items("people") + caller.sandbox.items("events") == before


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "events"), ("PATCH", "events/e1"), ("DELETE", "events/e1")],
)
def test_refused_query_has_no_effect(caller: Caller, method: str, path: str) -> None:
    """What is refused for its query changes nothing."""
    before = caller.sandbox.items("events")
    changes = document("events", id="e1" if method == "PATCH" else "e9", title="x")
    assert caller.send(method, f"{path}?include=nothing", changes).status_code == 400
    assert caller.sandbox.items("events") == before


def test_body_that_is_no_json_is_refused(
    sandbox: LivestormSandbox, caller: Caller, http: httpx.Client
) -> None:
    """A 400 in JSON:API answers what can't be parsed."""
    headers = {"Authorization": str(sandbox.private_token)}
    answer = http.post(f"{sandbox.api_url}/events", content=b"{", headers=headers)
    assert caller.errors(answer) == [(400, "bad_request", "The body is no JSON")]


@pytest.mark.parametrize(
    ("members", "refusal"),
    [
        ({}, (400, "bad_request", "data.id is missing")),
        ({"id": "e2"}, (409, "conflict", "data.id is e2, and e1 in the path")),
    ],
)
def test_change_is_of_the_item_in_the_path(
    caller: Caller, members: dict[str, object], refusal: tuple[int, str, str]
) -> None:
    """A document has to say which item it changes, and that is the one in the path."""
    changes = document("events", title="x", **members)
    assert caller.errors(caller.send("PATCH", "events/e1", changes)) == [refusal]


def test_change_to_a_blank_is_refused(caller: Caller) -> None:
    """What is required stays so."""
    answer = caller.send("PATCH", "events/e1", document("events", id="e1", title=None))
    assert caller.errors(answer) == [(422, "unprocessable_entity", "title can't be blank")]


@options(duplicate_status=422)
def test_duplicate_can_be_unprocessable(caller: Caller) -> None:
    """With the option, what must be unique is a 422."""
    person = document("people", email="ada@example.test")
    told = caller.errors(caller.send("POST", "sessions/s2/people", person))
    assert told == [(422, "unprocessable_entity", "email has already been taken")]


@options(active_contacts=4)
def test_allowance_of_contacts_is_used_up(caller: Caller) -> None:
    """Beyond the allowance, nobody is registered, and the answer is a 402."""
    statuses = [
        caller.send("POST", "sessions/s2/people", document("people", email=email)).status_code
        for email in ("one@example.test", "two@example.test")
    ]
    assert statuses == [201, 402]
    assert len(caller.ids("sessions/s2/people")) == 3


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "events/e1"),
        ("POST", "events/e2/sessions"),
        ("GET", "events/e2/sessions/s2"),
        ("POST", "users"),
        ("DELETE", "events"),
    ],
)
def test_operation_that_is_not_declared_is_not_there(
    caller: Caller, method: str, path: str
) -> None:
    """Nothing can be done that the scenario does not declare."""
    assert caller.send(method, path, document("events", title="x")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "scope", "status"),
    [
        ("GET", "events", "events:read", 200),
        ("GET", "events", "identity:read", 403),
        ("GET", "events/e1", "events:write", 200),
        ("POST", "events", "events:read", 403),
        ("PATCH", "events/e1", "events:read", 403),
        ("DELETE", "events/e1", "events:read", 403),
        ("DELETE", "events/e1", "events:write", 204),
    ],
)
def test_scopes_open_reading_and_writing(
    caller: Caller, method: str, path: str, scope: str, status: int
) -> None:
    """GET needs a scope for reading, everything else one for writing."""
    assert caller.send(method, path, scope=scope).status_code == status


def test_reset_brings_everything_back(sandbox: LivestormSandbox, caller: Caller) -> None:
    """After a reset, there is what the scenario declares."""
    caller.send("DELETE", "events/e1")
    caller.send("POST", "events", document("events", title="x"))
    sandbox.reset()
    assert caller.ids("events") == ["e1", "e2", "e3"]


def test_sandboxes_share_no_items(
    sandbox: LivestormSandbox, caller: Caller, http: httpx.Client
) -> None:
    """What one sandbox changes, another does not see."""
    with sandbox.sandbox() as other:
        caller.send("DELETE", "events/e1")
        assert Caller(other, http).ids("events") == ["e1", "e2", "e3"]


def test_refusal_is_told_in_the_journal(sandbox: LivestormSandbox, caller: Caller) -> None:
    """The journal has the label, the rule and the reason."""
    caller.send("GET", "sessions/s2/people/p9")
    told = sandbox.journal.entries()[-1].as_json()
    assert told["endpoint"] == "api.sessions.people.{id}"
    assert isinstance(told["ground"], dict)
    assert told["ground"]["id"] == "item_unknown"


@pytest.mark.parametrize(("on", "hits"), [("api.events", 3), ("api.events.{id}", 1), ("api", 4)])
def test_fault_strikes_by_label(
    sandbox: LivestormSandbox, caller: Caller, on: str, hits: int
) -> None:
    """A list, its items and what is below them can be struck together or apart."""
    armed = sandbox.faults.arm(on, "api_error", status=503)
    for path in ("events", "events/e1", "events/e2/sessions", "sessions"):
        caller.send("GET", path)
    assert armed.hits == hits


@pytest.mark.parametrize(("phase", "count"), [("before", 3), ("after", 4)])
def test_spoilt_answer_has_its_effect_only_after(
    sandbox: LivestormSandbox, caller: Caller, phase: str, count: int
) -> None:
    """In phase `before` the item looks created, and is not there."""
    sandbox.faults.arm("api.events", "truncated_json", times=1, phase=phase)
    caller.send("POST", "events", document("events", title="x"))
    assert len(caller.ids("events")) == count


def test_requests_are_limited_as_everywhere(sandbox: LivestormSandbox, caller: Caller) -> None:
    """A collection counts against the limits of the workspace."""
    sandbox.put_scenario(rate_limits=True)
    sandbox.clock.freeze()
    statuses = [caller.send("GET", "events").status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]

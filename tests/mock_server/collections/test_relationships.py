"""What leads to what: a parent's items, names that say two things, and what is inherited."""

import json

import pytest
from livestorm_mock_server import collection_items
from livestorm_mock_server.rails.response import Response
from livestorm_mock_server.reading import InvalidInputError

from .in_process import Near, done
from .small_workspace import EVENT, EVENTS, SESSIONS, UNLIMITED, document, linked, workspace


@pytest.fixture
def near() -> Near:
    """The workspace, in this process."""
    return Near(workspace())


def ids(near: Near, path: str, **query: object) -> list[str]:
    """Give the ids of a list."""
    return [one["id"] for one in near.get(path, **query)["data"]]


def told(answer: Response) -> tuple[int, str]:
    """Give status and detail of a refusal."""
    return answer.status, json.loads(answer.body)["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("method", "path", "members"),
    [
        ("POST", "sessions/s2/people", {}),
        ("PATCH", "sessions/s1", {"id": "s1"}),
        ("POST", "events", {"title": "x"}),
    ],
)
def test_attribute_is_not_called_as_a_relationship(
    near: Near, method: str, path: str, members: dict[str, object]
) -> None:
    """What belongs into `relationships` is a 422 among the attributes."""
    kind = {"people": "people", "s1": "sessions", "events": "events"}[path.split("/")[-1]]
    name = {"people": "session", "sessions": "people", "events": "owner"}[kind]
    before = near.sandbox.collections.export()
    answer = near.send(method, path, document(kind, email="x@x.test", **{name: "s1"}, **members))
    assert told(answer) == (422, f"{name} is a relationship, and no attribute")
    assert near.sandbox.collections.export() == before


def test_test_gives_no_attribute_the_name_of_a_relationship(near: Near) -> None:
    """A program is told likewise, for a new item and for a change."""
    attributes = {"email": "x@x.test", "session": "s1"}
    with pytest.raises(InvalidInputError, match=r"attributes\.session is 's1'; .* relationship"):
        done(collection_items.add_item(near.sandbox, "people", attributes))
    with pytest.raises(InvalidInputError, match=r"attributes\.session"):
        done(collection_items.change_item(near.sandbox, "people", "p1", attributes))


def test_declared_attribute_hides_no_relationship() -> None:
    """A recorded item that has a name twice is where its relationship leads."""
    item = '{ id = "s1", attributes = { event = "nowhere" }, relationships = { event = "e1" } }'
    events = f'{EVENTS}items = [{{ id = "e1" }}]\n'
    near = Near(workspace(f"{UNLIMITED}{events}{SESSIONS}{EVENT}items = [{item}]"))
    assert ids(near, "events/e1/sessions") == ["s1"]
    assert near.get("events/e1/sessions/s1")["data"]["id"] == "s1"


@pytest.mark.parametrize(("written", "text"), [("7", "7"), ('["7"]', "7"), ("true", "true")])
def test_attribute_leads_to_an_id_in_whatever_form(written: str, text: str) -> None:
    """A number is the id that is its text: for lists, for items, for `include` and in linkage."""
    toml = (
        f'{UNLIMITED}{EVENTS}items = [{{ id = "7" }}, {{ id = "true" }}]\n'
        f'{SESSIONS}{EVENT}filters = ["event"]\n'
        f'items = [{{ id = "s1", event_id = {written} }}, {{ id = "s2", event_id = 8 }}]\n'
        '[[collections]]\ntype = "sessions"\npath = "/v1/sessions"\n'
        '[[collections]]\ntype = "people"\npath = "/v1/sessions/{session}/people"\n'
        'relationships = [{ name = "session", type = "sessions" }, '
        '{ name = "event", type = "events" }]\n'
    )
    near = Near(workspace(toml))
    below = f"events/{text}/sessions"
    assert ids(near, below) == ids(near, below, **{"filter[event]": text}) == ["s1"]
    shown = near.get(f"{below}/s1", include="event")
    assert shown["data"]["relationships"]["event"] == linked("events", text)
    assert [one["id"] for one in shown["included"]] == [text]
    made = near.send("POST", "sessions/s1/people", document("people"))
    assert json.loads(made.body)["data"]["relationships"]["event"] == linked("events", text)


def test_post_below_a_parent_is_for_no_other(near: Near) -> None:
    """A document that names another parent than the path is a 409; the same one is fine."""
    body = document("people", email="x@x.test", relationships={"session": linked("sessions", "s1")})
    status, detail = told(near.send("POST", "sessions/s2/people", body))
    assert (status, detail) == (409, "session leads to s1, and to s2 in the path")
    nowhere = document("people", email="x@x.test", relationships={"session": {"data": None}})
    status, detail = told(near.send("POST", "sessions/s2/people", nowhere))
    assert (status, detail) == (409, "session leads to nothing, and to s2 in the path")
    assert near.send("POST", "sessions/s1/people", body).status == 201
    assert len(ids(near, "sessions/s1/people")) == 1


@pytest.mark.parametrize(
    ("guests", "status"), [(["a", "b"], 409), (["b", "a"], 409), (["a"], 201), (["a", "c"], 201)]
)
def test_several_ids_can_be_what_is_unique(guests: list[str], status: int) -> None:
    """No two items lead to the same ones, in whatever order; one of them they may share."""
    toml = (
        f'{UNLIMITED}{EVENTS}items = [{{ id = "a" }}, {{ id = "b" }}, {{ id = "c" }}]\n'
        '[[collections]]\ntype = "teams"\npath = "/v1/teams"\nunique = ["guests"]\n'
        'relationships = [{ name = "guests", type = "events", many = true }]\n'
        'items = [{ id = "t1", guests = ["a", "b"] }]\n'
    )
    data = [{"type": "events", "id": one} for one in guests]
    body = document("teams", relationships={"guests": {"data": data}})
    assert Near(workspace(toml)).send("POST", "teams", body).status == status


FAMILY = (
    f"{UNLIMITED}{EVENTS}"
    + """
items = [{ id = "e1" }]

[[collections]]
type = "users"
path = "/v1/users"
items = [{ id = "u1" }]

[[collections]]
type = "sessions"
path = "/v1/sessions"
relationships = [
    { name = "event", type = "events" },
    { name = "owner", type = "users" },
    { name = "guests", type = "users", many = true },
]
items = [{ id = "s1", event_id = "e1", owner = "u1", guests = ["u1"] }]

[[collections]]
type = "people"
path = "/v1/sessions/{session}/people"
relationships = [
    { name = "session", type = "sessions" },
    { name = "event", type = "events" },
    { name = "owner", type = "events" },
    { name = "guests", type = "users", many = true },
]

[[collections]]
type = "people"
path = "/v1/events/{event}/people"
operations = ["list"]

[[collections]]
type = "parts"
path = "/v1/parts"
relationships = [{ name = "whole", type = "parts" }]
items = [{ id = "a" }, { id = "b", whole = "a" }]

[[collections]]
type = "parts"
path = "/v1/parts/{whole}/parts"
"""
)


def test_new_item_inherits_what_its_parent_has_in_whatever_form() -> None:
    """The same type under the same name is inherited, from an attribute `..._id`, too."""
    near = Near(workspace(FAMILY))
    answer = near.send("POST", "sessions/s1/people", document("people"))
    relationships = json.loads(answer.body)["data"]["relationships"]
    assert answer.status == 201
    assert relationships == {
        "session": linked("sessions", "s1"),
        "event": linked("events", "e1"),
        "owner": {"data": None},
        "guests": {"data": []},
    }


def test_item_of_a_test_inherits_likewise() -> None:
    """A person whom a test adds to a session is listed below the event, too."""
    near = Near(workspace(FAMILY))
    add = collection_items.add_item
    added = done(add(near.sandbox, "people", {}, {"session": "s1"}))
    alone = done(add(near.sandbox, "people", {}, {"session": "s1", "event": None}))
    assert ids(near, "events/e1/people") == [added["id"]]
    assert ids(near, "sessions/s1/people") == [added["id"], alone["id"]]


def test_parent_is_the_one_of_the_path_among_its_like() -> None:
    """What is itself below an item of its type hands down itself, and not its own parent."""
    near = Near(workspace(FAMILY))
    answer = near.send("POST", "parts/b/parts", document("parts"))
    assert json.loads(answer.body)["data"]["relationships"]["whole"] == linked("parts", "b")

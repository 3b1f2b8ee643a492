"""What a test does with items, beside the API."""

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.reading import InvalidInputError

from .small_workspace import Caller


def test_items_are_added_changed_and_deleted(sandbox: LivestormSandbox, caller: Caller) -> None:
    """What a test does, the API shows."""
    added = sandbox.add_item("people", {"email": "x@example.test"}, {"session": "s1"})
    assert caller.ids("sessions/s1/people") == [added["id"]]
    sandbox.change_item("people", str(added["id"]), {"email": "y@example.test"}, {"session": "s3"})
    assert caller.ids("sessions/s3/people?filter[email]=y@example.test") == [added["id"]]
    sandbox.delete_item("people", str(added["id"]))
    assert caller.ids("sessions/s3/people") == ["p3"]


def test_items_are_plain_data(sandbox: LivestormSandbox) -> None:
    """Items are given as what JSON holds."""
    assert sandbox.items("sessions")[0] == {
        "id": "s1",
        "attributes": {"status": "live", "ended_at": 0},
        "relationships": {"event": "e1"},
    }


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"type": "person", "attributes": {}}, "type is 'person'"),
        ({"type": "people", "attributes": {"x": object()}}, "what JSON can hold"),
        ({"type": "people", "attributes": {}, "id": "p1"}, "id is 'p1'"),
        ({"type": "people", "attributes": {}, "id": "a/b"}, "id is 'a/b'"),
        ({"type": "people", "attributes": {}, "id": "\ud800"}, "id is "),
        ({"type": "people", "attributes": {}, "relationships": {"sesion": "s1"}}, "'session'"),
    ],
)
def test_wrong_item_is_refused(
    sandbox: LivestormSandbox, keywords: dict[str, object], message: str
) -> None:
    """What can't be added is refused with the key that is wrong."""
    with pytest.raises(InvalidInputError, match=message):
        sandbox.add_item(**keywords)  # type: ignore[arg-type]


def test_control_api_does_the_same(
    sandbox: LivestormSandbox, caller: Caller, http: httpx.Client
) -> None:
    """Items are added, changed, deleted and listed below `collections`."""
    url = f"{sandbox.control_url}/collections/people"
    body = {"attributes": {"email": "x@example.test"}, "relationships": {"session": "s1"}}
    added = http.post(url, json=body)
    assert (added.status_code, added.json()["attributes"]["email"]) == (201, "x@example.test")
    item_id = added.json()["id"]
    assert caller.ids("sessions/s1/people") == [item_id]
    changed = http.patch(f"{url}/{item_id}", json={"relationships": {"session": "s3"}})
    assert changed.json()["relationships"] == {"event": "e1", "session": "s3"}
    assert http.get(url).json()["items"][-1] == changed.json()
    assert http.delete(f"{url}/{item_id}").status_code == 204
    assert [http.delete(f"{url}/{item_id}").status_code, caller.ids("sessions/s3/people")] == [
        404,
        ["p3"],
    ]


def test_control_api_lists_the_types(sandbox: LivestormSandbox, http: httpx.Client) -> None:
    """Each type is told with its paths and the number of its items."""
    listed = http.get(f"{sandbox.control_url}/collections").json()["collections"]
    assert [(one["type"], one["count"]) for one in listed] == [
        ("events", 3),
        ("sessions", 3),
        ("people", 3),
        ("users", 1),
    ]
    assert listed[1]["paths"] == ["/v1/sessions", "/v1/events/{event}/sessions"]
    assert http.get(f"{sandbox.control_url}/collections/event").status_code == 404

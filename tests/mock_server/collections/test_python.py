"""What a test does with items, beside the API."""

import pytest
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.reading import InvalidInputError

from .library import Caller


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
        ({"type": "people", "attributes": {}, "relationships": {"sesion": "s1"}}, "'session'"),
    ],
)
def test_wrong_item_is_refused(
    sandbox: LivestormSandbox, keywords: dict[str, object], message: str
) -> None:
    """What can't be added is refused with the key that is wrong."""
    with pytest.raises(InvalidInputError, match=message):
        sandbox.add_item(**keywords)  # type: ignore[arg-type]

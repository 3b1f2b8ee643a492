"""What programs in the fake's own process do with collections."""

import asyncio
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server.collections.changes import Change
from livestorm_mock_server.collections.content import Collections
from livestorm_mock_server.collections.item import Item
from livestorm_mock_server.collections.table import MOST_INDEXES, Table
from livestorm_mock_server.reading import InvalidInputError
from livestorm_mock_server.sandbox import open_sandbox

from .small_workspace import workspace


def content() -> Collections:
    """Give the collections of a new sandbox."""
    return asyncio.run(open_sandbox(workspace(), seed="workspace")).collections


def told_of(collections: Collections) -> list[Change]:
    """Give the list to which each change is added."""
    told: list[Change] = []
    collections.listen(told.append)
    return told


def test_listeners_are_told_of_each_change() -> None:
    """Who listens is told what happened to which item, and how it was before."""
    collections = content()
    told = told_of(collections)
    made = collections.create("events", {"title": "x"})
    changed = collections.change("events", made.id, {"title": "y"})
    collections.delete("events", made.id)
    assert told == [
        Change(kind="created", collection="events", item=made),
        Change(kind="changed", collection="events", item=changed, before=made),
        Change(kind="deleted", collection="events", item=changed),
    ]


def test_change_stands_whatever_a_listener_makes_of_it(caplog: pytest.LogCaptureFixture) -> None:
    """Its error is in the log, and the others are told."""

    def fail(_: Change) -> None:
        raise RuntimeError("no room")

    collections = content()
    collections.listen(fail)
    told = told_of(collections)
    made = collections.create("events", {"title": "x"})
    collections.plan_change(0, "events", made.id, {"title": "y"})
    assert [one.id for one in collections.all("events")] == ["e1", "e2", "e3", made.id]
    collections.delete("events", made.id)
    assert [one.kind for one in told] == ["created", "changed", "deleted"]
    assert caplog.text.count("RuntimeError: no room") == 3


@pytest.mark.parametrize("at", [float("inf"), float("nan"), 9e300])
def test_what_the_clock_never_reaches_is_not_planned(at: float) -> None:
    """Else there would be a state that can't be exported or imported."""
    collections = content()
    collections.plan_change(at, "events", "e1", {"title": "y"})
    assert collections.due_at is None


def test_rehearsal_changes_nothing_and_tells_nobody() -> None:
    """What is done in a rehearsal is undone, to the order of the items."""
    collections = content()
    before, told = collections.export(), told_of(collections)
    with collections.rehearsal():
        collections.create("events", {"title": "x"})
        collections.change("events", "e1", {"title": "y"})
        collections.delete("events", "e2")
        collections.plan_change(0, "events", "e3", {"title": "z"})
        assert collections.export() != before
    assert collections.export() == before
    assert [one.id for one in collections.all("events")] == ["e1", "e2", "e3"]
    assert told == []


def test_what_is_planned_happens_in_its_time() -> None:
    """A plan is carried out once the virtual time has come, and told then."""
    sandbox = asyncio.run(open_sandbox(workspace(), seed="workspace"))
    collections, clock = sandbox.collections, sandbox.clock
    told = told_of(collections)
    clock.freeze()
    later = clock.now() + 60
    collections.plan_change(later, "events", "e1", {"scheduling_status": "ended"})
    collections.plan_item(later, "events", collections.new_item("events", {"title": "x"}))
    clock.advance(59)
    collections.catch_up()
    assert told == []
    clock.advance(1)
    collections.catch_up()
    assert [(one.kind, one.item.attributes.get("title")) for one in told] == [
        ("changed", "Début"),
        ("created", "x"),
    ]


def test_export_is_restored_to_the_same() -> None:
    """What is exported is plain data, and comes back whole."""
    collections, other = content(), content()
    collections.create("events", {"title": "x"})
    collections.delete("people", "p1")
    collections.plan_change(9e9, "events", "e1", {"title": "y"})
    exported = json.loads(json.dumps(collections.export()))
    other.restore(exported)
    assert other.export() == exported
    assert [one.id for one in other.all("people")] == ["p2", "p3"]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"items": {"events": [{"id": "a"}, {"id": "a"}]}}, "state.items.events[1].id"),
        ({"items": {"events": [{"id": ""}]}}, "state.items.events[0].id"),
        ({"items": {"evants": []}}, "state.items.evants"),
        ({"items": {"events": [{"id": "a", "attributes": 3}]}}, "state.items.events[0].attributes"),
        ({"planned": [{"at": 1, "number": 1, "type": "x"}]}, "state.planned[0].type"),
        ({"itms": {}}, "state.itms"),
    ],
)
def test_damaged_export_is_refused_whole(data: object, key: str) -> None:
    """What can't be restored is refused with its place, and nothing is lost."""
    collections = content()
    before = collections.export()
    with pytest.raises(InvalidInputError) as caught:
        collections.restore(data, where="state")
    assert caught.value.key == key
    assert collections.export() == before


def test_unknown_type_is_named() -> None:
    """A type that there is not is refused with the nearest."""
    with pytest.raises(InvalidInputError, match="did you mean 'events'"):
        content().all("event")


VALUES = st.sampled_from(["a", "b", None, 0, True])
STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "replace", "remove"]), st.integers(0, 9), VALUES, VALUES),
    max_size=40,
)


@settings(max_examples=60)
@given(steps=STEPS, asked_early=st.booleans())
def test_index_finds_what_a_walk_finds(
    steps: list[tuple[str, int, object, object]], asked_early: bool
) -> None:
    """Whatever comes, changes and goes, an index has just the items that have its values."""
    table, there = Table(), dict[str, Item]()
    if asked_early:
        table.matching({"one": "a", "two": "b"})
    for what, number, one, two in steps:
        item = Item(id=str(number), attributes={"one": one, "two": two})
        if what == "add" and item.id not in there:
            table.add(item)
            there[item.id] = item
        elif what == "replace" and item.id in there:
            table.replace(item)
            there[item.id] = item
        elif what == "remove" and item.id in there:
            table.remove(item.id)
            del there[item.id]
    assert list(table) == list(there.values())
    found = table.at(table.matching({"one": "a", "two": "b"}))
    assert found == [item for item in there.values() if item.attributes == {"one": "a", "two": "b"}]


def test_table_keeps_few_indexes() -> None:
    """However many sets of conditions are asked for, a table does not grow by them."""
    table = Table()
    table.add(Item(id="a"))
    for number in range(2 * MOST_INDEXES):
        table.matching({f"name {number}": ""})
    assert len(table._indexes) == MOST_INDEXES

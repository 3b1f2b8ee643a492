"""What tests and scenarios give as values: kept as JSON has it, or refused before anything is."""

from pathlib import Path

import pytest
from livestorm_mock_server import Scenario, ScenarioError, collection_items
from livestorm_mock_server.declaring.entries import CollectionEntry
from livestorm_mock_server.reading import InvalidInputError
from livestorm_mock_server.scenario_files import read_scenario

from .in_process import Near, done
from .small_workspace import EVENTS, workspace

LONE = "\ud800"


def nested(depth: int) -> object:
    """Give lists in one another."""
    value: object = "x"
    for _ in range(depth):
        value = [value]
    return value


@pytest.fixture
def near() -> Near:
    """The workspace, in this process."""
    return Near(workspace())


@pytest.mark.parametrize(
    "attributes",
    [
        {"title": LONE},
        {LONE: "x"},
        {"title": [{"x": LONE}]},
        {"title": nested(600)},
        {"title": nested(100_000)},
        {"title": float("nan")},
        {"title": object()},
    ],
    ids=["text", "name", "inside", "deep", "deeper", "nan", "object"],
)
def test_value_that_no_answer_can_hold_is_refused(
    near: Near, attributes: dict[str, object]
) -> None:
    """It is refused when it is given, and nothing has happened."""
    before = near.sandbox.collections.export()
    with pytest.raises(InvalidInputError, match=r"^attributes is "):
        done(collection_items.add_item(near.sandbox, "events", attributes))
    with pytest.raises(InvalidInputError, match=r"^attributes is "):
        done(collection_items.change_item(near.sandbox, "events", "e1", attributes))
    assert near.sandbox.collections.export() == before


@pytest.mark.parametrize("linked", [5, [5], {"id": "s1"}, LONE])
def test_relationship_leads_to_ids(near: Near, linked: object) -> None:
    """What is no id and no list of ids is refused with the relationships."""
    with pytest.raises(InvalidInputError, match=r"^relationships"):
        done(
            collection_items.add_item(
                near.sandbox,
                "people",
                {},
                {"session": linked},  # type: ignore[dict-item]  # what is tried
            )
        )


def test_depth_that_is_read_again_is_kept(near: Near) -> None:
    """Values as deep as the API takes them are shown as they are."""
    added = done(collection_items.add_item(near.sandbox, "events", {"title": nested(99)}))
    shown = near.get(f"events/{added['id']}")["data"]
    assert shown["attributes"]["title"] == nested(99)


def test_item_keeps_what_it_was_given(near: Near) -> None:
    """What a test does to its own list afterwards changes no item."""
    tags = ["a"]
    added = done(collection_items.add_item(near.sandbox, "events", {"title": tags}))
    done(collection_items.change_item(near.sandbox, "events", "e1", {"title": tags}))
    tags.append("b")
    for item_id in (added["id"], "e1"):
        assert near.get(f"events/{item_id}")["data"]["attributes"]["title"] == ["a"]


def test_declared_items_are_read_likewise(tmp_path: Path) -> None:
    """A file with a lone surrogate, or too deep, is refused with the place of the item."""
    for text in (r'[{"title": "\ud800"}]', f'[{{"title": {"[" * 600}{"]" * 600}}}]'):
        (tmp_path / "events.json").write_text(text, encoding="utf-8")
        with pytest.raises(ScenarioError, match=r"collections\[0\]\.file\[0\] is "):
            read_scenario(f'{EVENTS}file = "events.json"', "mine.toml", tmp_path)


def test_declared_item_keeps_what_it_was_given() -> None:
    """What a program does to the tables of a scenario afterwards changes no item of it."""
    tags = ["a"]
    items: tuple[dict[str, object], ...] = ({"id": "e1", "tags": tags},)
    entry = CollectionEntry(type="events", path="/v1/events", items=items)
    near = Near(Scenario(collections=(entry,)))
    tags.append("b")
    assert near.get("events/e1")["data"]["attributes"]["tags"] == ["a"]

"""Collections as scenarios declare them: items, files, generation, and what is wrong."""

import re
from pathlib import Path

import pytest
from livestorm_mock_server import LivestormSandbox, Scenario, ScenarioError
from livestorm_mock_server.collections.item import Item
from livestorm_mock_server.reading import InvalidInputError
from livestorm_mock_server.scenario_files import load_scenario, read_scenario, with_options
from livestorm_mock_server.shared.state import check_shareable

from .small_workspace import EVENT, EVENTS, SESSIONS, workspace


def items_of(toml: str, folder: Path | None = None, type_name: str = "events") -> list[Item]:
    """Give the items that a type begins with."""
    return list(read_scenario(toml, "mine.toml", folder).declared.kinds[type_name].items)


def test_items_come_as_tables_and_as_resource_objects() -> None:
    """A table has attributes and relationships side by side, an object has them apart."""
    toml = (
        f'{EVENTS}items = [{{ id = "e1" }}]\n{SESSIONS}{EVENT}'
        'items = [{ id = "s1", event = "e1", status = "live" }, '
        '{ id = "s2", type = "sessions", attributes = { status = "live" }, '
        'relationships = { event = { data = { type = "events", id = "e1" } } } }]'
    )
    one, other = items_of(toml, type_name="sessions")
    assert one == Item(id="s1", attributes={"status": "live"}, relationships={"event": "e1"})
    assert (other.attributes, other.relationships) == (one.attributes, one.relationships)


def test_items_come_from_a_json_file(tmp_path: Path) -> None:
    """A document, or a list of tables, beside the scenario."""
    document = '{"data": [{"id": "a", "type": "events", "attributes": {"title": "Zoë"}}]}'
    (tmp_path / "document.json").write_text(document, encoding="utf-8")
    (tmp_path / "list.json").write_text('[{"id": "a", "title": "Zoë"}]', encoding="utf-8")
    found = [items_of(f'{EVENTS}file = "{name}.json"', tmp_path) for name in ("document", "list")]
    assert found == [[Item(id="a", attributes={"title": "Zoë"})]] * 2


def test_items_come_from_a_csv_file(tmp_path: Path) -> None:
    """Cells are numbers, true, false, null or texts; ids are texts whatever they look like."""
    table = "id,owner_id,title,starts,open,phone,empty\n7,1,Zoë,1.5,true,0612,\n"
    (tmp_path / "events.csv").write_text(f"\ufeff{table}", encoding="utf-8")
    (item,) = items_of(f'{EVENTS}file = "events.csv"', tmp_path)
    assert item == Item(
        id="7",
        attributes={
            "owner_id": "1",
            "title": "Zoë",
            "starts": 1.5,
            "open": True,
            "phone": "0612",
            "empty": None,
        },
    )


def test_ids_of_a_csv_file_are_texts_under_any_name(tmp_path: Path) -> None:
    """What a relationship leads to is an id, whichever entry of the type declares it."""
    (tmp_path / "sessions.csv").write_text("id,event,room\ns1,7,7\ns2,true,1\ns3,,\n")
    toml = (
        f'{EVENTS}items = [{{ id = "7" }}, {{ id = "true" }}]\n{SESSIONS}{EVENT}'
        '[[collections]]\ntype = "sessions"\npath = "/v1/sessions"\nfile = "sessions.csv"\n'
    )
    items = items_of(toml, tmp_path, type_name="sessions")
    assert [one.relationships for one in items] == [
        {"event": "7"},
        {"event": "true"},
        {"event": None},
    ]
    assert [one.attributes["room"] for one in items] == [7, 1, None]


def test_generated_items_come_out_the_same() -> None:
    """A generator makes as many as it says, each related, and the same ones each time."""
    toml = (
        f'{EVENTS}items = [{{ id = "e1" }}, {{ id = "e2" }}]\n{SESSIONS}{EVENT}'
        "[collections.generate]\ncount = 20\n"
        'attributes = { title = "Session {n}", status = ["live", "past"], ended_at = 0 }\n'
        'relationships = ["event"]\n'
    )
    made = items_of(toml, type_name="sessions")
    assert made == items_of(toml, type_name="sessions")
    assert [one.attributes["title"] for one in made] == [f"Session {n}" for n in range(1, 21)]
    assert {one.attributes["status"] for one in made} == {"live", "past"}
    assert {one.relationships["event"] for one in made} == {"e1", "e2"}
    assert len({one.id for one in made}) == 20


def test_generated_items_inherit_what_leads_to_the_same_type() -> None:
    """A name that leads elsewhere is not handed down, an attribute `..._id` is."""
    toml = (
        f'{EVENTS}items = [{{ id = "e1" }}]\n'
        '[[collections]]\ntype = "rooms"\npath = "/v1/rooms"\nitems = [{ id = "r1" }]\n'
        f"{SESSIONS}"
        'relationships = [{ name = "event", type = "events" }, { name = "at", type = "rooms" }]\n'
        'items = [{ id = "s1", event_id = "e1", at = "r1" }]\n'
        '[[collections]]\ntype = "people"\npath = "/v1/people"\n'
        'relationships = [{ name = "session", type = "sessions" }, '
        '{ name = "event", type = "events" }, { name = "at", type = "events" }]\n'
        'generate = { count = 1, relationships = ["session"] }\n'
    )
    (made,) = items_of(toml, type_name="people")
    assert made.relationships == {"event": "e1", "session": "s1"}


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (f'{EVENTS}typ = "x"', "unknown key collections[0].typ"),
        ('[[collections]]\ntype = "x"\npath = "/v2/x"', "expected a path below /v1/"),
        (f"{EVENTS}{EVENTS}", "collections[1].path is '/v1/events'; expected a path of its own"),
        (SESSIONS, "expected a path below a collection: none is at /v1/events"),
        (
            f"{EVENTS}{SESSIONS}",
            "expected in {...} a relationship to events, nothing: there is none",
        ),
        (
            f"{EVENTS}{SESSIONS.replace('{event}', '{evnt}')}{EVENT}",
            "in {...} a relationship to events, one of: event (did you mean 'event'?)",
        ),
        (f'{EVENTS}read = ["event:read"]', "did you mean 'events:read'"),
        (f'{EVENTS}operations = ["lst"]', "did you mean 'list'"),
        (f"{EVENTS}items = [3]", "collections[0].items[0] is 3; expected a table"),
        (f"{EVENTS}items = [{{ id = 3 }}]", "collections[0].items[0].id is 3"),
        (f"{EVENTS}items = [{{ at = 1979-05-27 }}]", "expected what JSON can hold"),
        (f'{EVENTS}items = [{{ id = "a" }}, {{ id = "a" }}]', "items[1].id is 'a'"),
        (f'{EVENTS}file = "none.json"', "a file that can be read (No such file or directory)"),
        (f'{EVENTS}file = "mine.xml"', "a file whose name ends with .json or .csv"),
        (f"{EVENTS}{EVENT}{EVENTS.replace('/v1/', '/v1/all/')}{EVENT}", "a name of its own"),
        (
            f'{EVENTS}relationships = [{{ name = "owner", type = "people" }}]',
            "collections[0].relationships[0].type is 'people'",
        ),
        (
            f'{EVENTS}relationships = [{{ name = "parts", type = "events", inverse = "whole" }}]',
            "collections[0].relationships[0].inverse is 'whole'",
        ),
        (
            f'{EVENTS}{SESSIONS}{EVENT}items = [{{ event = "e9" }}]',
            "collections[1].items[0].event is 'e9'; expected the id of one of the events",
        ),
        (
            f'{EVENTS}{SESSIONS}{EVENT}generate = {{ count = 1, relationships = ["event"] }}',
            "collections[1].generate.relationships[0] is 'event'",
        ),
        (f"{EVENTS}generate = {{ count = 0 }}", "collections[0].generate.count is 0"),
        (f"{EVENTS}defaults = {{ at = 1979-05-27 }}", "collections[0].defaults is "),
        (f"{EVENTS}defaults = {{ at = nan }}", "expected what JSON can hold"),
        (
            f"{EVENTS}generate = {{ count = 1, attributes = {{ at = 1979-05-27 }} }}",
            "collections[0].generate.attributes is ",
        ),
        (
            f'{EVENTS}{SESSIONS}{EVENT}defaults = {{ event = "e1" }}',
            "collections[1].defaults.event is 'e1'; expected no attribute of this name",
        ),
    ],
)
def test_wrong_collection_is_refused(tmp_path: Path, toml: str, message: str) -> None:
    """What can't be is refused with the place, the value, and what was expected."""
    with pytest.raises(ScenarioError) as caught:
        read_scenario(toml, "mine.toml", tmp_path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "{"),
        ("a.json", '{"data": 3}'),
        ("a.json", "[3]"),
        ("a.csv", "id,title\n1,2,3\n"),
        ("a.csv", 'id\n"x'),
        ("a.json", "[" * 100_000),
    ],
)
def test_damaged_file_is_refused(tmp_path: Path, name: str, text: str) -> None:
    """A file that holds no items is refused with its name."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"collections\[0\]\.file is 'a\."):
        read_scenario(f'{EVENTS}file = "{name}"', "mine.toml", tmp_path)


def test_wrong_item_is_told_by_where_it_is_written(tmp_path: Path) -> None:
    """By its number in the file, in the body, or among the items, whatever else there is."""
    (tmp_path / "sessions.csv").write_text("id,event\ns1,e1\ns2,e8\n", encoding="utf-8")
    toml = (
        f'{EVENTS}items = [{{ id = "e1" }}]\n{SESSIONS}{EVENT}file = "sessions.csv"\n'
        """items = [{ event = "e1" }, { event = "e6" }]\nbody = '[{"event": "e7"}]'"""
    )
    with pytest.raises(ScenarioError) as caught:
        read_scenario(toml, "mine.toml", tmp_path)
    keys = [re.search(r"collections\S*", one) for one in caught.value.mistakes]
    assert [one and one[0] for one in keys] == [
        "collections[1].file[1].event",
        "collections[1].items[1].event",
        "collections[1].body[0].event",
    ]


def test_all_mistakes_are_told_at_once() -> None:
    """Mistakes of several collections, and of faults, are in one message."""
    toml = (
        f'{EVENTS}read = ["x"]\n{EVENTS}[[faults]]\non = "api.event"\nfault = "delay"\nseconds = 0'
    )
    with pytest.raises(ScenarioError) as caught:
        read_scenario(toml, "mine.toml", None)
    assert len(caught.value.mistakes) >= 2


def test_items_without_an_id_get_one_by_the_seed(livestorm: LivestormSandbox) -> None:
    """What has no id gets one, the same under the same seed."""
    scenario = read_scenario(f'{EVENTS}items = [{{ title = "x" }}]', "mine.toml", None)
    with (
        livestorm.sandbox(scenario, seed="a") as one,
        livestorm.sandbox(scenario, seed="a") as other,
    ):
        assert one.items("events") == other.items("events")
        assert len(str(one.items("events")[0]["id"])) == 36


def test_collections_are_kept_over_options() -> None:
    """A scenario made in Python, or with other options, has the same items."""
    changed = with_options(workspace(), {"rate_limits": True})
    assert changed.declared.kinds == workspace().declared.kinds


def test_shared_store_takes_no_collections() -> None:
    """Servers that share a store refuse what each would have alone."""
    with pytest.raises(InvalidInputError, match="none with a shared store"):
        check_shareable(workspace())
    check_shareable(Scenario())
    check_shareable(load_scenario("happy_path"))

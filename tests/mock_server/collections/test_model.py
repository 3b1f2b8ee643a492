"""Whatever comes and goes, lists are those of a model that keeps its items in a list."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from livestorm_mock_server.scenario_files import read_scenario

from .in_process import Near
from .small_workspace import document

SCENARIO = read_scenario(
    """
[provider]
rate_limits = false
default_page_size = 3
largest_page_size = 5

[[collections]]
type = "events"
path = "/v1/events"
items = [{ id = "e1" }, { id = "e2" }]

[[collections]]
type = "people"
path = "/v1/people"
filters = ["team", "open", "event"]
relationships = [{ name = "event", type = "events" }]

[[collections]]
type = "people"
path = "/v1/events/{event}/people"
""",
    "model.toml",
    None,
)
TEAMS = st.sampled_from(["a", "b", "é", ""])
OPEN = st.sampled_from([True, False, None, 0])
EVENTS = st.sampled_from(["e1", "e2"])
TEXTS = {True: "true", False: "false", None: ""}
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "team": TEAMS,
        "open": st.sampled_from(["true", "false", "", "0"]),
        "event": EVENTS,
    },
)
SIZES = st.integers(1, 7)

Person = dict[str, Any]


def passes(person: Person, filters: dict[str, str]) -> bool:
    """Tell whether an item of the model passes all filters."""
    return all(text(person[name]) == value for name, value in filters.items())


def text(value: object) -> str:
    """Give a value as a query has it."""
    return TEXTS[value] if value is None or isinstance(value, bool) else str(value)


def walk(near: Near, path: str, size: int, /, **query: object) -> Iterator[list[dict[str, Any]]]:
    """Give the pages of a list from the first to the last."""
    number: int | None = 0
    while number is not None:
        found = near.get(path, **{"page[number]": number, "page[size]": size}, **query)
        assert found["meta"]["current_page"] == number
        assert found["meta"]["previous_page"] == (number - 1 if number else None)
        yield found["data"]
        number = found["meta"]["next_page"]


def as_query(filters: dict[str, str]) -> dict[str, object]:
    """Give filters as parameters, in their order."""
    return {f"filter[{name}]": value for name, value in filters.items()}


class Lists(RuleBasedStateMachine):
    """People who come, change and go."""

    def __init__(self) -> None:
        super().__init__()
        self.near = Near(SCENARIO)
        self.people: list[Person] = []

    @rule(team=TEAMS, is_open=OPEN, event=EVENTS)
    def create(self, team: str, is_open: object, event: str) -> None:
        """Add somebody to an event."""
        body = document("people", team=team, open=is_open)
        response = self.near.send("POST", f"events/{event}/people", body)
        assert response.status == 201
        person_id = json.loads(response.body)["data"]["id"]
        self.people.append({"id": person_id, "team": team, "open": is_open, "event": event})

    @rule(which=st.integers(0, 30), team=TEAMS, event=EVENTS)
    def change(self, which: int, team: str, event: str) -> None:
        """Put somebody into another team and event."""
        if not self.people:
            return
        person = self.people[which % len(self.people)]
        moved = {"event": {"data": {"type": "events", "id": event}}}
        body = document("people", id=person["id"], team=team, relationships=moved)
        assert self.near.send("PATCH", f"people/{person['id']}", body).status == 200
        person |= {"team": team, "event": event}

    @rule(which=st.integers(0, 30))
    def delete(self, which: int) -> None:
        """Remove somebody."""
        if self.people:
            gone = self.people.pop(which % len(self.people))
            assert self.near.send("DELETE", f"people/{gone['id']}").status == 204
            assert self.near.send("GET", f"people/{gone['id']}").status == 404

    @rule(filters=FILTERS, size=SIZES)
    def list_in_pages(self, filters: dict[str, str], size: int) -> None:
        """Pages add up to what passes the filters, in order."""
        expected = [one["id"] for one in self.people if passes(one, filters)]
        pages = list(walk(self.near, "people", size, **as_query(filters)))
        assert [one["id"] for page in pages for one in page] == expected
        assert all(len(page) == min(size, 5) for page in pages[:-1])

    @rule(filters=FILTERS, number=st.integers(0, 4))
    def list_in_any_order(self, filters: dict[str, str], number: int) -> None:
        """The order of filters does not matter, and `meta` counts what passes."""
        other = dict(reversed(filters.items()))
        page = {"page[number]": number}
        found = self.near.get("people", **as_query(filters), **page)
        assert found == self.near.get("people", **page, **as_query(other))
        count = sum(passes(one, filters) for one in self.people)
        assert found["meta"]["record_count"] == count
        assert found["meta"]["page_count"] == (count + 2) // 3

    @rule(size=SIZES, team=TEAMS, event=EVENTS)
    def come_while_listed(self, size: int, team: str, event: str) -> None:
        """Who comes between two pages is on a later one, and nobody is lost or there twice."""
        found: list[str] = []
        for number, page in enumerate(walk(self.near, "people", size)):
            found += [one["id"] for one in page]
            if number < 2:
                self.create(team, None, event)
        expected = [one["id"] for one in self.people]
        assert found == expected[: len(found)]
        assert len(expected) - len(found) <= 1

    @invariant()
    def lists_of_parents_are_parts(self) -> None:
        """Each event has its own people, in the order of all."""
        for event in ("e1", "e2"):
            listed = self.near.get(f"events/{event}/people")["data"]
            own = [one["id"] for one in self.people if one["event"] == event]
            assert [one["id"] for one in listed] == own[:3]


Lists.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
TestLists = Lists.TestCase


@settings(max_examples=50, deadline=None)
@given(data=st.data(), size=SIZES)
def test_who_goes_between_pages_takes_only_places(data: st.DataObject, size: int) -> None:
    """Each page is the part of the list at its time: whoever goes moves the others up."""
    near, there = Near(SCENARIO), list[str]()
    for _ in range(12):
        body = document("people", team="a", relationships={"event": {"data": None}})
        there.append(json.loads(near.send("POST", "people", body).body)["data"]["id"])
    size = min(size, 5)
    for number in range(4):
        found = near.get("people", **{"page[number]": number, "page[size]": size})["data"]
        assert [one["id"] for one in found] == there[number * size : (number + 1) * size]
        for gone in data.draw(st.lists(st.sampled_from(there), max_size=2, unique=True)):
            near.send("DELETE", f"people/{gone}")
            there.remove(gone)

"""What a page costs among many items, counted in function calls."""

import pytest
from livestorm_mock_server.scenario_files import read_scenario

from ..test_cost import count_calls
from .in_process import Near

FEW, MANY = 200, 4_000
SCENARIO = """
[provider]
rate_limits = false

[[collections]]
type = "events"
path = "/v1/events"
items = [{{ id = "e1" }}]

[[collections]]
type = "people"
path = "/v1/events/{{event}}/people"
operations = ["list", "show", "create", "update", "delete"]
filters = ["team", "email"]
unique = ["email"]
relationships = [{{ name = "event", type = "events" }}]

[collections.generate]
count = {count}
relationships = ["event"]
attributes = {{ email = "person{{n}}@example.test", team = ["a", "b"] }}
"""


@pytest.fixture(scope="module")
def sandboxes() -> tuple[Near, Near]:
    """A sandbox with few people, and one with many."""
    few, many = (
        Near(read_scenario(SCENARIO.format(count=count), "cost.toml", None))
        for count in (FEW, MANY)
    )
    return few, many


@pytest.mark.parametrize(
    "query",
    [
        {"page[size]": 50},
        {"page[size]": 50, "page[number]": 3},
        {"page[size]": 50, "filter[team]": "a"},
        {"filter[team]": "a", "filter[email]": "nobody@example.test"},
    ],
    ids=str,
)
def test_page_costs_the_same_among_many(
    sandboxes: tuple[Near, Near], query: dict[str, object]
) -> None:
    """A page takes as many function calls among few items as among many."""
    calls = []
    for near in sandboxes:
        near.get("events/e1/people", **query)
        calls.append(count_calls(lambda near=near: near.get("events/e1/people", **query)))  # type: ignore[misc]
    assert calls[1] <= calls[0] * 1.05


def test_change_costs_the_same_among_many(sandboxes: tuple[Near, Near]) -> None:
    """To create, change and delete an item takes no more calls among many, nor does a 409."""

    def change(near: Near) -> None:
        body = {"data": {"type": "people", "id": "new", "attributes": {"email": "x"}}}
        assert near.send("POST", "events/e1/people", body).status == 201
        assert near.send("POST", "events/e1/people", body).status == 409
        assert near.send("PATCH", "events/e1/people/new", body).status == 200
        assert near.send("DELETE", "events/e1/people/new").status == 204

    calls = []
    for near in sandboxes:
        change(near)
        calls.append(count_calls(lambda near=near: change(near)))  # type: ignore[misc]
    assert calls[1] <= calls[0] * 1.05

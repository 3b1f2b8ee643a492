"""What filters compare: several ids, ids and texts, moments; and what they may delete."""

import json

import pytest
from livestorm_mock_server.scenario_files import with_options

from .in_process import Near
from .small_workspace import workspace

COMPARISONS = ("exact", "any_case", "contains")
EVENTS = """
[provider]
rate_limits = false

[[collections]]
type = "speakers"
path = "/v1/speakers"
items = [{ id = "Ab" }, { id = "aB" }, { id = "Abc" }]

[[collections]]
type = "events"
path = "/v1/events"
operations = ["list", "delete_matching"]
unique = ["owner", "title"]
filters = [
    "title",
    "owner",
    { name = "speaker", attribute = "speakers" },
    { name = "talker", attribute = "speakers" },
    { name = "since", attribute = "created_at", compare = "at_least" },
]
relationships = [
    { name = "owner", type = "speakers" },
    { name = "speakers", type = "speakers", many = true },
]
items = [
    { id = "e1", title = "Launch", owner = "Ab", speakers = ["Ab", "aB"], created_at = 1000 },
    { id = "e2", title = "launch", owner_id = "aB", speakers = ["Abc"], created_at = 2000 },
]

[[collections]]
type = "parts"
path = "/v1/speakers/{speaker}/parts"
relationships = [{ name = "speaker", type = "speakers" }]
items = [{ id = "t1", speaker = "Ab" }, { id = "t2", speaker = "aB" }]
"""


def events(comparison: str = "exact") -> Near:
    """Give a sandbox with events whose filters compare like this."""
    return Near(with_options(workspace(EVENTS), {"filter_comparison": comparison}))


def found(near: Near, path: str, **query: str) -> list[str]:
    """Give the ids of a list, `query` being its filters."""
    filters = {f"filter[{name}]": value for name, value in query.items()}
    return [one["id"] for one in near.get(path, **filters)["data"]]


@pytest.mark.parametrize("comparison", COMPARISONS)
@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Ab", "aB", ["e1"]),
        ("Ab", "Ab", ["e1"]),
        ("Abc", "Ab", []),
        ("Abc", "Abc", ["e2"]),
    ],
)
def test_filters_of_several_ids_commute(
    comparison: str, one: str, other: str, expected: list[str]
) -> None:
    """An item with several ids passes for each of them, whichever filter comes first."""
    near = events(comparison)
    assert found(near, "events", speaker=one, talker=other) == expected
    assert found(near, "events", talker=one, speaker=other) == expected


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_ids_are_compared_to_the_letter(comparison: str) -> None:
    """However texts are compared, ids are the same or they are not."""
    near = events(comparison)
    assert found(near, "events", owner="Ab") == ["e1"]
    assert found(near, "events", owner="aB") == ["e2"]
    assert found(near, "events", owner="ab") == []
    assert found(near, "speakers/Ab/parts") == ["t1"]
    assert found(near, "speakers/aB/parts") == ["t2"]


@pytest.mark.parametrize(
    ("comparison", "title", "expected"),
    [
        ("exact", "launch", ["e2"]),
        ("any_case", "LAUNCH", ["e1", "e2"]),
        ("contains", "AUN", ["e1", "e2"]),
    ],
)
def test_texts_are_compared_as_the_option_says(
    comparison: str, title: str, expected: list[str]
) -> None:
    """To the letter, in whatever case, or as a part."""
    assert found(events(comparison), "events", title=title) == expected


@pytest.mark.parametrize("comparison", COMPARISONS)
@pytest.mark.parametrize("query", ["filter[title]=", "filter[title]=%20", "filter[owner]="])
def test_blank_filter_deletes_nothing(comparison: str, query: str) -> None:
    """A DELETE whose filter says nothing is a 400, beside another filter, too."""
    near = events(comparison)
    for sent in (query, f"filter[speaker]=Ab&{query}"):
        answer = near.send_query("DELETE", "events", sent)
        assert (answer.status, b"is blank" in answer.body) == (400, True)
    assert found(near, "events") == ["e1", "e2"]


@pytest.mark.parametrize(
    "moment",
    ["nan", "inf", "-Infinity", "1_000", " 1000", "1e3", "\u0661", "9" * 400, "x", "0x10", ""],
)
def test_what_is_no_moment_is_refused(moment: str) -> None:
    """Only a number in digits, or a date, is a time."""
    answer = events().send("GET", "events", **{"filter[since]": moment})
    assert answer.status == 400
    assert "and no time" in json.loads(answer.body)["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [("1000.5", ["e2"]), ("-5", ["e1", "e2"]), ("1970-01-01T00:33:20Z", ["e2"])],
)
def test_moment_is_a_number_or_a_date(moment: str, expected: list[str]) -> None:
    """Seconds, before 1970 and with a fraction, too, and ISO 8601."""
    assert found(events(), "events", since=moment) == expected

"""Of numbers stay those that count or date something: no id and no phone number is left."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.recording.scenario import scenario_from
from livestorm_mock_server.scenario_files import read_scenario

from .archives import API, archive, entry


def item_of(attributes: object, item_id: str = "e1") -> tuple[str, dict[str, Any]]:
    """Give the scenario of a list with one item, and what the item has there."""
    item = {"id": item_id, "type": "events", "attributes": attributes}
    body = json.dumps({"data": [item], "meta": {"record_count": 1}})
    text = scenario_from(archive([entry(url=f"{API}/v1/events", body=body)]), "made.toml").text
    (collection,) = read_scenario(text, "made.toml", None).collections
    return text, collection.items[0]


def has_number(text: str, number: object) -> bool:
    """Tell whether a number stands in a text."""
    return re.search(rf"(?<!\d){number}(?!\d)", text) is not None


NUMBERS = st.integers(1_000, 999_999) | st.integers(1_002_000, 10**15)
TELLING = ("id", "owner_id", "participant_ids", "uuids", "externalIds", "phone", "name", "sub")


@given(
    number=NUMBERS,
    place=st.sampled_from(TELLING),
    is_text=st.booleans(),
    other=st.sampled_from(["owner", "contact", "capacity", "created_at"]),
)
def test_number_that_is_somebody_s_is_nowhere(
    number: int, place: str, is_text: bool, other: str
) -> None:
    """Once it was met as an id, a name or a phone number, in whatever form."""
    value = str(number) if is_text else number
    attributes = {place: [value], other: number, "text": str(number), "x": float(number)}
    text, item = item_of(attributes)
    assert not has_number(text, number)
    made = item["attributes"]
    assert str(made[other]) == made["text"] == str(made[place][0])


def test_ids_of_items_are_the_same_as_numbers() -> None:
    """In lists of ids, and where nothing but the number tells whose it is."""
    attributes = {"participant_ids": [482913, 551234], "external_ids": ["551234"], "owner": 482913}
    _, item = item_of(attributes, "482913")
    made = item["attributes"]
    assert str(made["participant_ids"][0]) == str(made["owner"]) == item["id"]
    assert [str(made["participant_ids"][1])] == made["external_ids"]


@pytest.mark.parametrize("number", [4155551234, 2015551234, 1700000000, 33612345678, 2025551234567])
def test_phone_number_is_no_moment(number: int) -> None:
    """Under a name that says nothing, unlike one that tells of a moment."""
    assert not has_number(item_of({"contact": number})[0], number)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("created_at", 1700000000),
        ("startedAt", 1700000000123),
        ("expires_on", 1.7e9 + 0.5),
        ("timestamp", 1700000000),
        ("registrants_count", 250),
        ("duration", 999_999),
        ("score", -2.5),
    ],
)
def test_counts_and_moments_stay(name: str, number: float) -> None:
    """As far as they are of a usual size."""
    assert item_of({name: number})[1]["attributes"][name] == number


def test_small_numbers_stay_what_they_count() -> None:
    """Even if there is an item with such an id."""
    assert item_of({"rank": 1, "id": 1}, "1")[1]["attributes"]["rank"] == 1


@pytest.mark.parametrize("value", [True, None, 1.5])
def test_what_is_no_id_teaches_none(value: object) -> None:
    """A flag, nothing, or a fraction where an id could stand."""
    assert item_of({"state": value, "x": value})[1]["attributes"]["x"] == value

"""What the API itself names stays, whatever else is called so in the recording."""

import json
from typing import Any

import httpx
import pytest
from livestorm_mock_server import MockLivestorm
from livestorm_mock_server.recording.scenario import scenario_from
from livestorm_mock_server.scenario import Scenario
from livestorm_mock_server.scenario_files import read_scenario

from .archives import API, archive, entry

FIELDS = [
    {"id": "email", "value": "ada@secret.example"},
    {"id": "role", "value": "admin"},
    {"id": "name", "value": "sessions"},
    {"id": "first_name", "value": "title"},
    {"id": "company_size", "value": 4155551234},
]
PEOPLE = "/v1/sessions/s1/people"


def made_of(*entries: object) -> Scenario:
    """Make a scenario of these entries."""
    return read_scenario(scenario_from(archive(entries), "made.toml").text, "made.toml", None)


def of(type_name: str, **attributes: object) -> dict[str, object]:
    """Give an item with a short id."""
    return {"id": f"{type_name[0]}1", "type": type_name, "attributes": attributes}


def listed(path: str, item: object) -> dict[str, Any]:
    """Give an exchange at a list with one item."""
    body = json.dumps({"data": [item], "meta": {"record_count": 1}})
    return entry(url=f"{API}{path}", body=body)


def registering(fields: object, status: int = 201) -> dict[str, Any]:
    """Give a registration."""
    sent = {"data": {"type": "people", "attributes": {"fields": fields}}}
    answer = {"data": {**of("people", registrant_detail={"fields": fields}), "id": "p2"}}
    made = entry("POST", f"{API}{PEOPLE}", status=status, body=json.dumps(answer))
    made["request"]["postData"] = {"mimeType": "application/json", "text": json.dumps(sent)}
    return made


RECORDED = (
    listed("/v1/sessions", of("sessions", title="Plan")),
    listed(f"{PEOPLE}?filter[email]=ada@secret.example", of("people", email="x@secret.example")),
    registering(FIELDS),
)


def test_registration_is_replayed(livestorm_server: MockLivestorm, http: httpx.Client) -> None:
    """What was asked and sent is understood, and the person is made of the fields."""
    sent = {"data": {"type": "people", "attributes": {"fields": FIELDS}}}
    with livestorm_server.sandbox(made_of(*RECORDED)) as livestorm:
        headers = {"Authorization": f"Bearer {livestorm.issue_tokens()['access_token']}"}
        url = f"{livestorm.api_url}/sessions"
        (session,) = http.get(url, headers=headers).json()["data"]
        url += f"/{session['id']}/people"
        registered = http.post(url, json=sent, headers=headers)
        query = {"filter[email]": "ada@secret.example"}
        found = http.get(url, params=query, headers=headers)
    assert registered.status_code == 201
    assert registered.json()["data"]["attributes"]["role"] == "admin"
    assert [one["id"] for one in found.json()["data"]] == [registered.json()["data"]["id"]]


def test_names_of_the_api_stay() -> None:
    """In paths, filters, members and words, and in the fields that were asked for."""
    sessions, people = made_of(*RECORDED).collections
    assert (sessions.path, people.path) == ("/v1/sessions", "/v1/sessions/{session}/people")
    assert list(sessions.items[0]["attributes"]) == ["title"]  # type: ignore[call-overload]  # JSON
    assert people.filters == ("email",)
    assert people.fields == ("email", "role", "name", "first_name", "company_size")


@pytest.mark.parametrize(
    "fields", [None, "x", [], [1], [{"id": 1}], [{"id": "e56a-77", "value": 1}]]
)
def test_fields_that_are_none_are_not_declared(fields: object) -> None:
    """Neither are those with an id that may be somebody's."""
    (_, people) = made_of(*RECORDED[:2], registering(fields)).collections
    assert people.fields == ()


def test_refused_field_is_not_declared() -> None:
    """It was none."""
    (_, people) = made_of(*RECORDED, registering([{"id": "b", "value": 1}], 422)).collections
    assert "b" not in people.fields


def test_field_s_answer_is_no_word_of_the_scenario() -> None:
    """What somebody was called, under a name that isn't telling."""
    lovelace = {"id": "nickname", "value": "lovelace"}
    item = of("people", fields=[lovelace], note={"lovelace": "lovelace"}, status="lovelace")
    text = scenario_from(archive([*RECORDED, listed("/v1/people", item)]), "made.toml").text
    assert "nickname" in text
    assert "lovelace" not in text

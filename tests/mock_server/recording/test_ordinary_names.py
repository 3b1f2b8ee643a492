"""What somebody is called by chance is no reason to refuse a recording, and is replaced."""

import json
from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server import InvalidInputError
from livestorm_mock_server.recording import checking
from livestorm_mock_server.recording.replacing import Replacements
from livestorm_mock_server.recording.scenario import scenario_from
from livestorm_mock_server.scenario_files import read_scenario

from .archives import API, APP, archive, entry

FIELDS = [{"id": "birthday", "value": "2026-11-20"}, {"id": "city", "value": "Berlin"}]


def recording_of(name: str, **attributes: object) -> list[dict[str, Any]]:
    """Give lists, a client, a filter and errors, with a name in the usual places."""
    given = {"name": name, "slug": name, "company": name, "facebook_link": "https://a.test/x"}
    item = {"id": "e1", "type": "events", "attributes": {**given, **attributes}}
    body = json.dumps({"data": [item], "meta": {"record_count": 1}})
    form = "client_id=mine&client_secret=hidden-7&redirect_uri=http://localhost:3000/callback"
    return [
        entry(url=f"{API}/v1/events?filter[created_since]=1", body=body),
        entry(url=f"{API}/v1/me", status=429, headers={"Retry-After": "2"}),
        entry("POST", f"{API}/v1/events", status=502, headers={"Content-Type": "text/html"}),
        entry(url=f"{API}/v1/plan", body=json.dumps({"data": item, "plan": {f"{name}_x": 1}})),
        entry("POST", f"{APP}/oauth/token", form=form, status=503, body="Livestorm is down"),
    ]


def made_of(entries: list[dict[str, Any]]) -> str:
    """Make a scenario, and read it."""
    text = scenario_from(archive(entries), "made.toml").text
    read_scenario(text, "made.toml", None)
    return text


OWN = (
    *("livestorm", "Livestorm", "collections", "relationships", "relationship", "attributes"),
    *("operations", "example", "recorded", "Recorded", "Integration", "requests", "recording"),
    *("callback", "facebook", "create", "answer", "html_page", "provider", "Secrets", "another"),
    *("compare", "at_least", "client_secret", "first_name", "localhost", "application", "person"),
)


@pytest.mark.parametrize("name", OWN)
def test_word_of_the_scenario_s_own_is_no_secret(name: str) -> None:
    """Whoever is called so; the name itself is replaced where one stands."""
    assert f'slug = "{name}"' not in made_of(recording_of(name))


@pytest.mark.parametrize("name", ["record", "integra", "xample", "reques", "faceboo", "relation"])
def test_name_may_be_part_of_another_word(name: str) -> None:
    """It is looked for as a word: a slug `record` is not in `recorded`."""
    assert f'"{name}"' not in made_of(recording_of(name))


def test_city_is_not_told_by_the_time_zone() -> None:
    """Nor does it keep the recording from being made one."""
    attributes = {"fields": FIELDS, "timezone": "Europe/Berlin", "zone": "Europe/Paris"}
    text = made_of(recording_of("acme", **attributes))
    assert "Berlin" not in text
    assert 'timezone = "UTC", zone = "Europe/Paris"' in text


def test_date_in_a_field_is_no_secret() -> None:
    """An event may be on the same day."""
    text = made_of(recording_of("acme", fields=FIELDS, started_on="2026-11-20T10:00:00Z"))
    assert "2026-11-20T10:00:00Z" in text


@pytest.mark.parametrize("item_id", ["1000001", "1000002", "id-1", "recorded-client-1"])
def test_what_stands_for_others_may_be_in_the_recording(item_id: str) -> None:
    """As in one of a fake that played another."""
    made_of(recording_of("Name 1", email="person-1@example.test", ids=[item_id, 7654321]))


def test_name_in_a_member_is_replaced() -> None:
    """Where it is a part of another one that the API does not have."""
    assert "ottoline" not in made_of(recording_of("ottoline"))


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("s7-hidden", "as7-hiddenb"),
        ("ottoline", "of ottoline_x"),
        ("ottoline", "b3R0b2xpbmU"),
        ("4155551234", "+4155551234"),
        ("ada@a.test", "ada%40a.test"),
        ("ada.email@a.test", "by ada.email@a.test"),
    ],
)
def test_value_that_came_through_is_refused(secret: str, text: str) -> None:
    """In whatever form, as a value or as a member's name."""
    known = Replacements()
    known.learn(secret, "name")
    attributes: tuple[object, ...] = ({text: 1}, {"method": [text]}, {"compare": text})
    values: list[dict[str, object]] = [{"body": text}]
    values += [{"items": [{"attributes": one}]} for one in attributes]
    for value in values:
        with pytest.raises(InvalidInputError, match="a value that came through"):
            checking.check_values([value], known)
    checking.check_values([{"body": "4155551234567"}, {"operations": [text]}], known)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text("+-1", min_size=6, max_size=8).filter(lambda one: not one.isdecimal())),
    st.text("+-1", max_size=80),
)
def test_any_of_many_values_is_found(secrets: list[str], text: str) -> None:
    """Wherever it stands, also where others begin like it."""
    known = Replacements()
    for one in secrets:
        known.learn(one, "name")
    came_through = any(one in text for one in secrets)
    with pytest.raises(InvalidInputError) if came_through else nullcontext():
        checking.check_values([{"body": text}], known)

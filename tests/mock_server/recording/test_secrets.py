"""Nothing of the secrets of a recording is in the scenario, wherever they stood."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server.recording.scenario import scenario_from
from livestorm_mock_server.scenario_files import read_scenario

from .archives import API, APP, archive, entry

Place = Callable[[str], dict[str, Any]]


def document(value: object, *, status: int = 200, url: str = f"{API}/v1/events") -> dict[str, Any]:
    """Give an exchange with a JSON answer."""
    return entry(url=url, status=status, body=json.dumps(value))


def listed(attributes: object, **members: object) -> dict[str, Any]:
    """Give a list with one item."""
    item = {"id": "e1", "type": "events", "attributes": attributes, **members}
    return document({"data": [item], "meta": {"record_count": 1}})


def token_request(form: str, **parts: Any) -> dict[str, Any]:
    """Give a request to the token endpoint."""
    return entry("POST", f"{APP}/oauth/token", form=form, **parts)


def base64_of(text: str) -> str:
    """Encode a text."""
    return base64.b64encode(text.encode()).decode()


PLACES: dict[str, Place] = {
    "token": lambda s: entry(sent={"Authorization": f"Bearer {s}"}),
    "private token": lambda s: entry(sent={"authorization": s}),
    "basic": lambda s: token_request("a=b", sent={"authorization": f"Basic {base64_of('a:' + s)}"}),
    "cookie": lambda s: entry(sent={"Cookie": f"_session={s}"}, headers={"Set-Cookie": f"a={s}"}),
    "form": lambda s: token_request(f"client_id=x&client_secret={quote(s)}&grant_type=password"),
    "client id": lambda s: token_request(f"client_id={quote(s)}&redirect_uri=https://a.b/c"),
    "redirect uri": lambda s: entry(
        url=f"{APP}/oauth/authorize?client_id=x&redirect_uri=https://a.test/{quote(s, safe='')}"
    ),
    "local redirect uri": lambda s: entry(
        url=f"{APP}/oauth/authorize?client_id=x&redirect_uri=http://localhost/{quote(s, safe='')}"
    ),
    "params": lambda s: {
        **token_request(""),
        "request": {
            "method": "POST",
            "url": f"{APP}/oauth/token",
            "postData": {"mimeType": "", "params": [{"name": "code", "value": s}]},
        },
    },
    "callback": lambda s: entry(
        url=f"{APP}/oauth/authorize", status=302, headers={"Location": f"https://a/?code={s}"}
    ),
    "token answer": lambda s: token_request(
        "grant_type=refresh_token&refresh_token=x",
        body=json.dumps({"access_token": s, "scope": s, "refresh_token": s[::-1]}),
    ),
    "path": lambda s: document({"data": {"type": "events"}}, url=f"{API}/v1/events/{quote(s)}"),
    "first part of a path": lambda s: document({}, url=f"{API}/v1/{quote(s)}"),
    "query": lambda s: entry(
        url=f"{API}/v1/events?filter[{quote(s)}]={quote(s)}&include={quote(s)}"
    ),
    "value": lambda s: listed({"title": s, "description": f"by {s}, yesterday", "n": [[s]]}),
    "e-mail": lambda s: listed({"email": s, "first_name": s, "phone_number": s}),
    "key": lambda s: listed({s: 1, "fields": {s: {s: s}}}),
    "word": lambda s: listed({"status": s, "type": s, "role": s, "locale": s, "timezone": s}),
    "type": lambda s: document({"data": [{"id": "1", "type": s}], "meta": {}}),
    "id": lambda s: document({"data": [{"id": s, "type": "events"}], "meta": {}}),
    "relationship": lambda s: listed({}, relationships={s: {"data": {"type": s, "id": s}}}),
    "base64": lambda s: listed({"title": base64_of(s), "blob": base64_of(f'{{"a": "{s}"}}')}),
    "url": lambda s: listed(
        {"link": f"https://a.test/{quote(s)}?x={s}", "note": quote(s, safe="")}
    ),
    "message": lambda s: document({"errors": [{"detail": f"Not {s}", "code": s}]}, status=422),
    "oauth error": lambda s: token_request(
        "grant_type=refresh_token",
        status=400,
        body=json.dumps({"error": s, "error_description": s}),
    ),
    "challenge": lambda s: entry(
        status=401, headers={"WWW-Authenticate": f'Bearer realm="{s}", error="{s}"'}
    ),
    "retry": lambda s: entry(status=429, headers={"Retry-After": s, "RateLimit-Reset": s}),
    "limit": lambda s: entry(headers={"RateLimit-Monthly-Limit": s, "X-Request-Id": s}),
    "content type": lambda s: entry(status=500, headers={"Content-Type": f"text/{s}"}, body=s),
    "page": lambda s: entry(status=502, headers={"Content-Type": "text/html"}, body=f"<p>{s}"),
    "text": lambda s: entry(status=503, headers={"Content-Type": "text/plain"}, body=f"no {s}"),
    "broken json": lambda s: entry(status=500, body=f'{{"a": "{s}'),
    "base64 body": lambda s: {
        **entry(),
        "response": {
            "status": 200,
            "content": {
                "encoding": "base64",
                "text": base64_of(json.dumps({"data": {"type": "users", "attributes": {"x": s}}})),
            },
        },
    },
    "method": lambda s: entry("".join(c for c in s if c.isascii() and c.isalnum()) or "GET"),
    "comment": lambda s: entry(comment=s, _initiator={"url": s}),
}

LETTERS = st.sampled_from("abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789_-")
TOKENS = st.text(LETTERS, min_size=20, max_size=40).map(lambda text: f"s7{text}")
MAILS = st.text(st.sampled_from("bcdfghjklmnpq"), min_size=5, max_size=9).map(
    lambda text: f"{text}.{text[::-1]}@{text}.example"
)
NAMES = st.text(st.sampled_from("bcdfghjéüøßяж"), min_size=4, max_size=9).map(
    lambda text: f"{text.title()} von {text[::-1].title()}".replace("ß", "é").replace("von", "vön")
)


def forms(secret: str) -> list[str]:
    """Give the forms in which a secret could be read."""
    return [secret, quote(secret, safe=""), base64_of(secret).rstrip("="), json.dumps(secret)[1:-1]]


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=8, deadline=None)
@given(secret=TOKENS | MAILS | NAMES, known=st.booleans())
def test_no_secret_is_in_the_scenario(place: str, secret: str, known: bool) -> None:
    """Whether or not it stands where only secrets are, too, and what is told has none, either."""
    sent = {"X-Session-Token": secret.encode().decode("latin-1")} if known else {}
    entries = [PLACES[place](secret), entry(sent=sent), PLACES[place](secret)]
    made = scenario_from(archive(entries), "made.toml")
    read_scenario(made.text, "made.toml", None)
    whole = "\n".join([made.text, *made.told])
    assert [form for form in forms(secret) if form in whole] == []


def test_same_value_is_replaced_by_the_same() -> None:
    """In bodies, in URLs, and where it is encoded."""
    mail = "ada@real.example"
    entries = [
        listed({"email": mail, "note": quote(mail, safe=""), "blob": base64_of(mail)}),
        document({"errors": [{"detail": f"{mail} is taken"}]}, status=422, url=f"{API}/v1/plan"),
    ]
    text = scenario_from(archive(entries), "made.toml").text
    replaced = "person-1@example.test"
    assert text.count(replaced) == 3
    assert text.count(quote(replaced, safe="")) == 1
    assert text.count(base64_of(replaced)) == 1
    assert f"{replaced} is taken" in text


def test_what_was_replaced_is_counted() -> None:
    """By its sort: how many values, in how many places."""
    entries = [listed({"email": "ada@real.example", "title": "Board meeting"})]
    told = scenario_from(archive(entries), "made.toml").told
    assert "  e-mail address: 1 value in 1 place" in told
    assert "  text: 1 value in 1 place" in told

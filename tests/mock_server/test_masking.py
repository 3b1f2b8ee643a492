"""That no secret is shown where logs and diagrams are read, at whatever place a client puts it."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.journal.kept import KeptExchange
from livestorm_mock_server.masking import HIDDEN, Mask
from livestorm_mock_server.request_log.lines import JSONLines, TextLines, told_of
from livestorm_mock_server.running.answers import refusals
from livestorm_mock_server.scenario_files import read_scenario

NAMES = (
    "access_token",
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_verifier",
    "grant_type",
    "password",
    "redirect_uri",
    "refresh_token",
    "response_type",
    "scope",
    "state",
    "token",
    "token_type_hint",
    "username",
)
DAMAGES: dict[str, bytes] = {
    "none": b"",
    "half an escape": b"%",
    "no escape": b"%zz",
    "an escaped byte": b"%ff",
    "a byte": b"\xff",
    "half a character": b"\\ud800",
    "a bracket": b"[a]",
}
SCENARIO = """
[provider]
consent = "approve"

[[users]]
email = "a@example.test"
first_name = "A"
last_name = "B"
password = "a-known-password"

[[applications]]
name = "One"
client_id = "one-client"
client_secret = "a-known-client-secret"
redirect_uris = ["https://client.example.test/callback"]

[[applications]]
name = "Two"
client_id = "two-client"
client_secret = 's3cr%et/ü&"\\'
redirect_uris = ["https://client.example.test/callback"]
"""
FORM = "application/x-www-form-urlencoded"


def in_query(name: str, value: bytes) -> dict[str, Any]:
    """Put a parameter into the query."""
    return {"query": name.encode() + b"=" + quote(value, safe="%").encode()}


def as_a_name(name: str, value: bytes) -> dict[str, Any]:
    """Put a value where names stand, once in the query and twice in the form."""
    named = value + b"=" + name.encode()
    return {
        "query": quote(value, safe="%[]").encode(),
        "content": named + b"&" + value + b"[]=1",
        "headers": {"Content-Type": FORM},
    }


def in_form(name: str, value: bytes) -> dict[str, Any]:
    """Put a parameter into a form."""
    return {"content": name.encode() + b"=" + value, "headers": {"Content-Type": FORM}}


def in_json(name: str, value: bytes) -> dict[str, Any]:
    """Put a parameter into a JSON body."""
    body = b'{"a": {"b": 1}, "%b": "%b"}' % (name.encode(), value)
    return {"content": body, "headers": {"Content-Type": "application/json"}}


def in_multipart(name: str, value: bytes) -> dict[str, Any]:
    """Put a parameter into a multipart body."""
    head = b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n' % name.encode()
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    return {"content": head + value + b"\r\n--x--\r\n", "headers": headers}


def in_basic(name: str, value: bytes) -> dict[str, Any]:
    """Put a value where HTTP Basic has the client's id."""
    encoded = base64.b64encode(value + b":" + name.encode()).decode()
    return {"headers": {"Authorization": f"Basic {encoded}"}}


def in_headers(name: str, value: bytes) -> dict[str, Any]:
    """Put a value into headers that are read."""
    del name
    return {"headers": {b"Authorization": b"Bearer " + value, b"Accept": value, b"Origin": value}}


def in_path(name: str, value: bytes) -> dict[str, Any]:
    """Put a value into the path."""
    return {"path": f"/{name}/{quote(value, safe='%')}"}


def in_path_encoded(name: str, value: bytes) -> dict[str, Any]:
    """Put a value into the path, each byte of it encoded."""
    return {"path": f"/{name}/" + "".join(f"%{byte:02x}" for byte in value)}


PLACES: tuple[Callable[[str, bytes], dict[str, Any]], ...] = (
    in_query,
    as_a_name,
    in_form,
    in_json,
    in_multipart,
    in_basic,
    in_headers,
    in_path,
    in_path_encoded,
)
PATHS = ("/oauth/token", "/oauth/authorize", "/oauth/revoke", "/oauth/introspect", "/v1/me")


def send(livestorm: LivestormSandbox, path: str, sent: dict[str, Any]) -> None:
    """Send a request as it is described."""
    url = httpx.URL(livestorm.app_url)
    target = f"{url.path.rstrip('/')}{sent.get('path', path)}".encode()
    if sent.get("query"):
        target += b"?" + sent["query"]
    method = "GET" if path in ("/oauth/authorize", "/v1/me") else "POST"
    httpx.request(
        method,
        url.copy_with(raw_path=target),
        content=sent.get("content"),
        headers=sent.get("headers"),
        timeout=30,
    )


def shown(livestorm: LivestormSandbox) -> Iterator[str]:
    """Give all that is shown of a sandbox: the lines of both logs, and the diagram."""
    mask = livestorm._sandbox.mask
    for entry in livestorm.journal.entries():
        assert isinstance(entry.exchange, KeptExchange)
        told = told_of(entry, entry.exchange, mask)
        yield TextLines(in_colour=False).of(told)
        yield JSONLines().of(told)
    yield re.sub(r"#(\d+);", lambda code: chr(int(code[1])), livestorm.export_mermaid())


@pytest.fixture(scope="module")
def secrets(livestorm_server: MockLivestorm) -> Iterator[tuple[LivestormSandbox, list[str]]]:
    """A sandbox with its secrets: of its application, its user, and what it has issued."""
    with livestorm_server.sandbox(read_scenario(SCENARIO, "secrets.toml", Path())) as livestorm:
        pair = livestorm.issue_tokens()
        known = ["a-known-client-secret", 's3cr%et/ü&"\\', "a-known-password"]
        yield livestorm, [*known, str(pair["access_token"]), str(pair["refresh_token"])]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_secret_is_shown_wherever_it_stands(
    secrets: tuple[LivestormSandbox, list[str]], data: st.DataObject
) -> None:
    """Whichever parameter has it, in whichever part of a request, whole or damaged behind it."""
    livestorm, known = secrets
    secret = data.draw(st.sampled_from(known), label="secret")
    place = data.draw(st.sampled_from(PLACES), label="place")
    damage = DAMAGES[data.draw(st.sampled_from(sorted(DAMAGES)), label="damage")]
    name = data.draw(st.sampled_from(NAMES), label="name")
    livestorm._run(livestorm._sandbox.forget_exchanges())
    send(
        livestorm,
        data.draw(st.sampled_from(PATHS), label="path"),
        place(name, encoded_for(place, secret) + damage),
    )
    told = "".join(shown(livestorm))
    forms = {secret, quote(secret, safe=""), repr(secret)[1:-1], json.dumps(secret)[1:-1]}
    assert {form for form in forms if form in told} == set()


def encoded_for(place: object, secret: str) -> bytes:
    """Encode a secret so that the damage behind it is all that is wrong."""
    if place in (in_form, as_a_name, in_path, in_query):
        return quote(secret, safe="").encode()
    if place is in_json:
        return json.dumps(secret, ensure_ascii=False)[1:-1].encode()
    return secret.encode()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("damage", [b"%", b"%zz", b"%ff", b"\xff"])
@pytest.mark.parametrize("place", [in_query, in_form])
def test_no_value_that_cannot_be_read_is_shown(
    livestorm: LivestormSandbox, name: str, damage: bytes, place: Callable[..., dict[str, Any]]
) -> None:
    """Nor is one that only another provider knows; which parameter it was, is told."""
    send(livestorm, "/oauth/token", place(name, b"foreign-s3cr3t" + damage))
    told = "".join(shown(livestorm))
    assert "foreign" not in told
    assert f"the parameter {name}" in told


def test_client_that_swaps_id_and_secret_shows_no_secret(livestorm: LivestormSandbox) -> None:
    """The column of the client, and who takes part in the diagram, are hidden."""
    swapped = {"client_id": livestorm.client_secret, "client_secret": livestorm.client_id}
    url = f"{livestorm.app_url}/oauth/token"
    httpx.post(url, data={"grant_type": "refresh_token", "refresh_token": "x", **swapped})
    httpx.post(
        url,
        data={"grant_type": "refresh_token", "refresh_token": "x"},
        auth=(livestorm.client_secret, livestorm.client_id),
    )
    told = list(shown(livestorm))
    assert all(HIDDEN in one for one in told)
    assert livestorm.client_secret not in "".join(told)


def test_renamed_token_is_hidden_in_the_diagram(livestorm: LivestormSandbox) -> None:
    """A token that a fault gave a text of its own looks like none, and is known as one."""
    livestorm.faults.arm("token", "token_fields", set={"access_token": "a-named-token"})
    pair = livestorm.issue_tokens()
    httpx.post(
        f"{livestorm.app_url}/oauth/token",
        data={"grant_type": "refresh_token", "refresh_token": str(pair["refresh_token"])},
        auth=(livestorm.client_id, livestorm.client_secret),
    ).raise_for_status()
    httpx.get(f"{livestorm.api_url}/a-named-token")
    assert "a-named-token" not in livestorm.export_mermaid()


def test_report_of_a_run_shows_no_secret(livestorm: LivestormSandbox) -> None:
    """What was refused is told without the token in the path."""
    token = str(livestorm.issue_tokens()["access_token"])
    httpx.get(f"{livestorm.app_url}/{token}")
    (told,) = refusals([livestorm._sandbox])
    assert HIDDEN in told
    assert token not in told


def test_ids_of_clients_are_shown_though_they_look_like_tokens(livestorm: LivestormSandbox) -> None:
    """Those of a sandbox are drawn as tokens are, and whose request it was is to be seen."""
    httpx.post(f"{livestorm.app_url}/oauth/token", data={"client_id": livestorm.client_id})
    assert all(livestorm.client_id in one for one in shown(livestorm))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("secret", HIDDEN),
        ("the client is unknown or its secret is wrong", None),
        ("scope is 'secret'", f"scope is '{HIDDEN}'"),
        ("/v1/secret", f"/v1/{HIDDEN}"),
        ("/v1/secret?a", f"/v1/{HIDDEN}?a"),
        ("/v1/secrets", None),
        ("/v1/s%65cret", f"/v1/{HIDDEN}"),
        ("/v1/a-secret-of-mine/100%25", f"/v1/{HIDDEN}/100%25"),
        ("GET%zz", None),
        ("/v1/a-long-name-in-words-that-nobody-drew-for-a-token", None),
        ("/v1/00000000-0000-4000-8000-000000000000/people", None),
    ],
)
def test_words_are_hidden_only_where_they_stand_alone(text: str, wanted: str | None) -> None:
    """A secret that is an ordinary word leaves the sentences alone."""
    assert Mask(["secret", "a-secret-of-mine"]).text(text) == (text if wanted is None else wanted)


@given(
    secret=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="[]"), min_size=6),
    around=st.text(),
)
def test_mask_hides_what_it_knows(secret: str, around: str) -> None:
    """Whatever stands around, a text that is no word is not shown."""
    mask = Mask([secret])
    assert mask.text(secret) == HIDDEN
    assert f"{secret}!" not in mask.text(f"{around}{secret}!") or secret.isalpha()

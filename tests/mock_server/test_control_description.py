"""The description of the control API."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import httpx
import pytest
from jsonschema_rs import Draft202012Validator
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.arming.kinds import KINDS
from livestorm_mock_server.control.app import OPERATIONS
from livestorm_mock_server.control.openapi import describe
from livestorm_mock_server.sandbox import Sandbox
from livestorm_mock_server.scenario import Scenario
from livestorm_mock_server.scenario_files import scenario_names
from livestorm_mock_server.snapshots.writing import write_document

from .test_store import done


def check_answer(responses: Mapping[str, Any], answer: httpx.Response) -> None:
    """Hold an answer against its description: its status, its type, and each of its members."""
    assert str(answer.status_code) in responses
    content = responses[str(answer.status_code)].get("content", {"": {}})
    ((media_type, told),) = content.items()
    assert answer.headers.get("content-type", "").partition(";")[0] == media_type
    if media_type != "application/json":
        return
    validator(json.dumps(told["schema"])).validate(answer.json())


@cache
def validator(schema: str) -> Draft202012Validator:
    """Give what holds a value to a schema, in which no member is left untold."""
    schemas = {
        name: one if name == "Armed" else {"unevaluatedProperties": False, **one}
        for name, one in DESCRIBED["components"]["schemas"].items()
    }
    return Draft202012Validator({**json.loads(schema), "components": {"schemas": schemas}})


DESCRIBED: Mapping[str, Any] = json.loads(json.dumps(describe(OPERATIONS)))


def test_description_is_served(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """As `openapi.json`, below the other operations."""
    assert http.get(f"{livestorm.control_url}/openapi.json").json() == DESCRIBED


def test_description_has_every_operation() -> None:
    """Each method of each path is described."""
    described = {
        (method.upper(), path) for path, methods in DESCRIBED["paths"].items() for method in methods
    }
    assert described == {(one.method, f"/_mock/{one.path}") for one in OPERATIONS}


def test_operation_says_what_it_does() -> None:
    """In one sentence, the first of the docstring of the function that answers."""
    assert [one.path for one in OPERATIONS if not re.fullmatch(r"[A-Z].+\.", one.summary)] == []


def test_description_refers_to_schemas_that_exist() -> None:
    """No reference of the description leads nowhere."""
    references = re.findall(r'"#/components/schemas/(\w+)"', json.dumps(DESCRIBED))
    assert set(references) <= set(DESCRIBED["components"]["schemas"])


@pytest.mark.parametrize(
    ("schema", "member"),
    [
        ("ItemBody", "relationships"),
        ("When", "header"),
        ("Registration", "any_redirect_uri"),
        ("SavedToken", "superseded"),
        ("Pair", "generation"),
    ],
)
def test_description_says_what_a_member_means(schema: str, member: str) -> None:
    """However deep it is: what bodies, answers and faults hold in one another, too."""
    assert DESCRIBED["components"]["schemas"][schema]["properties"][member]["description"]


def test_description_has_every_fault() -> None:
    """Each kind of fault is one of the bodies that arm one."""
    mapping = DESCRIBED["components"]["schemas"]["Fault"]["discriminator"]["mapping"]
    assert list(mapping) == list(KINDS)


BODIES: dict[str, dict[str, object]] = {
    "POST applications": {"name": "A", "redirect_uris": ["https://a.test/"]},
    "POST faults": {"on": "api", "fault": "reset"},
    "POST webhooks/deliver": {"event": "job.ended", "url": "http://127.0.0.1:1/", "retries": [60]},
    "PUT scenario": {"scenario": "happy_path"},
    "PUT state": write_document(done(Sandbox(Scenario()).snapshot())),
}
"""What an operation takes that does not do with an empty object."""

JSON = {"Content-Type": "application/json"}
SENT = (b"", b"{}", b"{", b"[]", b'{"nothing": 1}', b'{"token": "unknown"}', None)
QUERIES = ("", "?nothing=1", "?endpoint=nothing", "?since=x")


def calls() -> Iterator[tuple[str, str, str, bytes]]:
    """Give each operation that ends, with what it takes and with what it does not.

    Ids lead to something or nowhere.
    """
    for one in OPERATIONS:
        if one.path == "journal/stream":
            continue
        key = f"{one.method} {one.path}"
        for name in ("unknown", "fault-1", "example-client-id") if "{" in one.path else ("",):
            path = re.sub(r"\{\w+\}", name, one.path)
            for sent in SENT if one.body else (b"",):
                body = json.dumps(BODIES.get(key, {})).encode() if sent is None else sent
                yield key, one.method, path, body
        if one.query is not None:
            for query in QUERIES:
                yield key, one.method, f"{one.path}{query}", b""


@pytest.mark.parametrize(("key", "method", "path", "body"), dict.fromkeys(calls()))
@pytest.mark.parametrize(
    "content_type", [{"Content-Type": "application/json"}, {}], ids=["json", "untyped"]
)
def test_operation_answers_as_it_is_described(
    livestorm: LivestormSandbox,
    http: httpx.Client,
    key: str,
    method: str,
    path: str,
    body: bytes,
    content_type: dict[str, str],
) -> None:
    """No operation has a status that its description lacks, whatever it is sent."""
    livestorm.faults.arm("api", "reset")
    answer = http.request(
        method, f"{livestorm.control_url}/{path}", content=body, headers=content_type
    )
    operation = key.split(" ")
    told = DESCRIBED["paths"][f"/_mock/{operation[1]}"][method.lower()]
    check_answer(told["responses"], answer)


def test_what_is_missing_is_described_where_it_can_be_missing() -> None:
    """Just the operations on one fault, item or sandbox, or one type, can find none."""
    paths = DESCRIBED["paths"]
    assert {
        f"{method} {path}"
        for path, methods in paths.items()
        for method, told in methods.items()
        if "404" in told["responses"]
    } == {
        "delete /_mock/faults/{id}",
        "post /_mock/faults/{id}/release",
        "delete /_mock/sandboxes/{id}",
        "get /_mock/collections/{type}",
        "post /_mock/collections/{type}",
        "patch /_mock/collections/{type}/{id}",
        "delete /_mock/collections/{type}/{id}",
    }


def test_full_journal_is_as_it_is_described(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """Exchanges that were refused, struck, cut, or are no text; tokens, findings and sandboxes."""
    livestorm.faults.arm("api.me", "rate_limited")
    http.get(f"{livestorm.api_url}/me")
    livestorm.faults.disarm()
    pair = livestorm.issue_tokens()
    http.get(f"{livestorm.api_url}/me", headers={"Authorization": f"Bearer {pair['access_token']}"})
    http.get(f"{livestorm.api_url}/me", headers={"Authorization": "Bearer wrong"})
    http.post(f"{livestorm.app_url}/oauth/token", content=b"\xff\x00", headers=JSON)
    http.get(f"{livestorm.app_url}/nowhere?code=1&code=2")
    for path in (
        *("journal", "journal/brief", "journal/har", "audit", "sandboxes", "health"),
        *("openapi.json", "overview", "tokens", "faults/kinds"),
    ):
        answer = http.get(f"{livestorm.control_url}/{path}")
        told = DESCRIBED["paths"][f"/_mock/{path}"]["get"]
        check_answer(told["responses"], answer)
    exchanges = http.get(f"{livestorm.control_url}/journal").json()["exchanges"]
    assert len(exchanges) == 5
    assert any(one["ground"] for one in exchanges)
    assert any(one["fault"] for one in exchanges)
    assert any(one["tokens"] for one in exchanges)


def test_names_are_those_that_there_are() -> None:
    """Endpoints, kinds of faults, scenarios and releases are enumerated."""
    schemas = DESCRIBED["components"]["schemas"]
    assert schemas["FaultKind"]["enum"] == list(KINDS)
    assert schemas["ScenarioName"]["enum"] == list(scenario_names())
    assert "token.refresh_token" in schemas["Endpoint"]["enum"]
    assert {
        one["properties"]["on"]["$ref"]
        for name, one in schemas.items()
        if "Fault" in name and "properties" in one and "on" in one["properties"]
    } == {"#/components/schemas/Label"}


def test_operations_have_ids_of_their_own() -> None:
    """Generated clients call their methods by them."""
    assert len({one.id for one in OPERATIONS}) == len(OPERATIONS)
    assert [one.id for one in OPERATIONS if not re.fullmatch(r"[a-z]+([A-Z][a-z]*)*", one.id)] == []

"""The description of the control API."""

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.arming.kinds import KINDS
from livestorm_mock_server.control.app import OPERATIONS


def description(livestorm: LivestormSandbox) -> dict[str, dict[str, dict[str, object]]]:
    """Fetch the description."""
    described: dict[str, dict[str, dict[str, object]]] = httpx.get(
        f"{livestorm.control_url}/openapi.json"
    ).json()
    return described


def test_description_has_every_operation(livestorm: LivestormSandbox) -> None:
    """Each method of each path is described."""
    described = {
        (method.upper(), path)
        for path, methods in description(livestorm)["paths"].items()
        for method in methods
    }
    assert described == {(one.method, f"/_mock/{one.path}") for one in OPERATIONS}


def test_operation_says_what_it_does() -> None:
    """In one sentence, the first of the docstring of the function that answers."""
    assert [one.path for one in OPERATIONS if not re.fullmatch(r"[A-Z].+\.", one.summary)] == []


def test_description_refers_to_schemas_that_exist(livestorm: LivestormSandbox) -> None:
    """No reference of the description leads nowhere."""
    described = description(livestorm)
    references = re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described))
    assert set(references) <= set(described["components"]["schemas"])


def test_description_has_every_fault(livestorm: LivestormSandbox) -> None:
    """Each kind of fault is one of the bodies that arm one."""
    text = json.dumps(description(livestorm)["paths"]["/_mock/faults"]["post"])
    assert [kind for kind in KINDS if f'"{kind}"' not in text] == []


BODIES: dict[str, dict[str, object]] = {
    "POST applications": {"name": "A", "redirect_uris": ["https://a.test/"]},
    "POST faults": {"on": "api", "fault": "reset"},
    "PUT scenario": {"scenario": "happy_path"},
}
"""What an operation takes that does not do with an empty object."""

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
    operation, described = key.split(" "), description(livestorm)
    told = described["paths"][f"/_mock/{operation[1]}"][method.lower()]
    assert str(answer.status_code) in json.loads(json.dumps(told))["responses"]


def test_what_is_missing_is_described_where_it_can_be_missing(livestorm: LivestormSandbox) -> None:
    """Just the operations on one fault or one sandbox can find none."""
    paths = json.loads(json.dumps(description(livestorm)["paths"]))
    assert {
        f"{method} {path}"
        for path, methods in paths.items()
        for method, told in methods.items()
        if "404" in told["responses"]
    } == {
        "delete /_mock/faults/{id}",
        "post /_mock/faults/{id}/release",
        "delete /_mock/sandboxes/{id}",
    }
